"""Curves of three tokens over four equal steps of area."""

import numpy as np

AREA = np.linspace(0, 1, 5)
INSERTION = np.array([[0.5, 0.1, 0.9], [0.5, 0.9, 1.0], [0.5, 0.9, 1.0], [0.5, 0.7, 1.0], [0.5, 0.5, 1.0]])
DELETION = np.array([[0.5, 0.5, 1.0], [0.5, 0.1, 1.0], [0.5, 0.0, 1.0], [0.5, 0.1, 1.0], [0.5, 0.1, 0.9]])

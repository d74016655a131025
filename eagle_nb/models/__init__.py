"""Models behind the protocol `eagle_nb.protocols.Model`: checkpoints of transformers, and models behind a URL.

Importing this package loads neither torch nor transformers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["huggingface", "served"],
    submod_attrs={"huggingface.loading": ["load_model", "wrap_model"], "served.loading": ["load_server"]},
)

if TYPE_CHECKING:
    from . import huggingface as huggingface
    from . import served as served
    from .huggingface.loading import load_model as load_model
    from .huggingface.loading import wrap_model as wrap_model
    from .served.loading import load_server as load_server

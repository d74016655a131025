"""Rows in the form of the published lists."""

IMAGE_ID = 900
ANSWER = [10, 11, 12, 13, 14, 2]  # "A to", "oth", "brush on a TV."
HEAD = [1, 7, *[IMAGE_ID] * 30, 8]
LONG = [*HEAD, *range(100, 150)]

OBJECT_ROW = {
    "image_path": "000000000001.jpg", "gt_caption": "A toothbrush. ", "generate_sentence": "A toothbrush on a TV.",
    "generated_ids": [*LONG, *ANSWER], "output_word_id": ANSWER, "select_category": "toothbrush",
    "location": [1, 1, 3, 3], "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]],
    "target_generated_index": 1, "target_generated_id": 11, "target_generated_token": "\u2581to",
}  # fmt: skip
CAPTION_ROW = {
    "image_path": "000000000001.jpg", "gt_caption": ["A brush.", "A blue brush."], "generate_sentence": "A brush",
    "generated_ids": [[*LONG, 10, 15, 2]], "selected_interpretation_token_id": [0, 1, 2],
    "selected_interpretation_token_word_id": [10, 15, 2], "words": ["A", " brush", ""],
}  # fmt: skip
YES_ROW = {
    "image_name": "COCO_val2014_000000000001.jpg", "question": "Is there a traffic light in the image?", "label": "no",
    "generate_sentence": "Yes", "generated_ids": [[*LONG, 20, 2]], "selected_interpretation_token_id": [0],
    "selected_interpretation_token_word_id": [20], "words": ["Yes", ""], "counter_word_id": [21], "id": 1,
}  # fmt: skip
NO_ROW = YES_ROW | {
    "question": "Is there an oven in the image?", "label": "yes", "generate_sentence": "No, there is none.",
    "generated_ids": [[*HEAD, *range(100, 112), 21, 22, 2]], "words": ["No", ", there is none.", ""], "counter_word_id": [20],
}  # fmt: skip
CHOICE_ROW = {
    "image_filename": "000000000001.jpg", "question": "Open or closed?", "options": ["Open", "Closed"], "answer": "b",
    "generate_sentence": "Open", "generated_ids": [[*LONG, 23, 2]], "words": ["Open", ""],
    "selected_interpretation_token_id": [0, 1],
}  # fmt: skip

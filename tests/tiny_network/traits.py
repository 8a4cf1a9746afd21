"""The board as a network: what holds for notices there."""

from spotlight_notify.model.networks import Network

BOARD = Network(
    name="board",
    title="the board",
    limit=240,
    measure=lambda text: len(text.encode()),  # it counts bytes
    max_pictures=0,
    domains=("board.example",),
)

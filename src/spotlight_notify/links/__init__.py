"""Read web pages' cards, and see whether links answer and stay where they may lead."""

"""What stands around the app: who sends leads, who buys them, and who says afterwards whether it went right."""

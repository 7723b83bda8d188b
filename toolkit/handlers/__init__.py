"""Entry points that a queue or a schedule calls: AWS Lambda, the runner of this package, or a person."""

"""What HTTP asks of every answer: who asks, in which format, at what cost, of which state."""

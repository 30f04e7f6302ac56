"""What a request tells before any view: its address, its charset, its origin."""

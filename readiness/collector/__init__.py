"""IT's side: receives the computers' reports, keeps them and shows them."""

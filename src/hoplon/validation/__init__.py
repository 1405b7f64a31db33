"""What holds the model against values from outside: the record of the verification cases."""

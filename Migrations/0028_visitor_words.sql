-- as: superuser
-- What a visitor reports is found by the search like any other fault: the clerk, who puts it on record, computes its words.
grant execute on function app.folded(text), app.words_of(int, text) to portico_clerk;

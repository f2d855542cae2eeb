A = 1 -- why
AND B = 2 /* and
this */ AND C IS NOT NULL
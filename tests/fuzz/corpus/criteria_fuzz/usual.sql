DaysDelinquent > 30 AND State = 'AK'
ORDER BY DaysDelinquent DESC, Name

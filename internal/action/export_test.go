package action

// Less is the difference of two independent figures.
func Less(before, now *Figure) Difference { return less(before, now) }

// P is the p-value that the interval of a difference implies.
func P(d Difference) float64 { return tail(d) }

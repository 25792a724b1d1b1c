package instrument

// Summary takes from some answers no more than the step on which their mean lies, such as a level of four. Pages that hand part of an
// answered questionnaire on take along steps, and not the answers: five steps single nobody out as twenty-five answers do.
type Summary struct {
	Name string `json:"name"`
	// Values are what answers count, by variable and option. What is not in it counts as no answer.
	Values map[string]map[string]float64 `json:"values"`
	// Least is how many answers are needed.
	Least int `json:"least"`
	// Cuts are where a next step begins, rising.
	Cuts []float64 `json:"cuts"`
}

// Step is the step on which the mean of the answers lies, from 1 to one more than there are cuts; 0 where too few were given. given returns the
// option that was chosen for a variable, "" for none. The script of the answering pages has the same rule (internal/survey/client/src/after.js).
func (s *Summary) Step(given func(variable string) string) int {
	sum, n := 0.0, 0
	for variable, values := range s.Values {
		if v, counts := values[given(variable)]; counts {
			sum += v
			n++
		}
	}
	if n == 0 || n < s.Least {
		return 0
	}
	step := 1
	for _, cut := range s.Cuts {
		if sum/float64(n) >= cut {
			step++
		}
	}
	return step
}

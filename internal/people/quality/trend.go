package quality

import "tekentafel/internal/people/org"

// Trend is what changed between two assessments.
type Trend struct {
	From   org.Date      `json:"from"`
	To     org.Date      `json:"to"`
	Checks []CheckChange `json:"checks"`
	Scores []ScoreChange `json:"scores"`
	// Comparable is false when the two count differently: another version, or another k. Then differences say little.
	Comparable bool `json:"comparable"`
}

// CheckChange is how a check changed.
type CheckChange struct {
	Kind        Kind    `json:"kind"`
	Before      int     `json:"before"`
	After       int     `json:"after"`
	ShareBefore float64 `json:"shareBefore"` // of staff in service, 0 to 1
	ShareAfter  float64 `json:"shareAfter"`
}

// ScoreChange is how the score of a conclusion changed, in points from 0 to 100.
type ScoreChange struct {
	Name         string  `json:"name"`
	Before       float64 `json:"before"`
	After        float64 `json:"after"`
	UsableBefore float64 `json:"usableBefore"`
	UsableAfter  float64 `json:"usableAfter"`
}

// Change returns the points won; below 0 lost.
func (s ScoreChange) Change() float64 { return s.After - s.Before }

// Compare says what changed from one assessment to a later one: each check that found something in either, and each conclusion
// that both know.
func Compare(before, after *Result) Trend {
	t := Trend{From: before.Day, To: after.Day, Comparable: before.Version == after.Version && before.K == after.K}
	was := make(map[Kind]Check, len(before.Checks))
	for _, c := range before.Checks {
		was[c.Kind] = c
	}
	for _, c := range after.Checks {
		if b := was[c.Kind]; b.Count > 0 || c.Count > 0 {
			t.Checks = append(t.Checks, CheckChange{c.Kind, b.Count, c.Count, b.Share, c.Share})
		}
	}
	scores := make(map[string]*Score, len(before.Scores))
	for i := range before.Scores {
		scores[before.Scores[i].Name] = &before.Scores[i]
	}
	for i := range after.Scores {
		s := &after.Scores[i]
		if b := scores[s.Name]; b != nil {
			t.Scores = append(t.Scores, ScoreChange{s.Name, b.Points(), s.Points(), b.UsablePoints(), s.UsablePoints()})
		}
	}
	return t
}

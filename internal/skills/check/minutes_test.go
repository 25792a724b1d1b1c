package check

import (
	"testing"

	"tekentafel/internal/skills/framework"
)

// Whoever reads 180 words a minute does the test of all skills in five minutes. The longest language of the longest version may take some
// seconds more.
func TestATestOfAllSkillsTakesFiveMinutesAtAnEasyPace(t *testing.T) {
	t.Parallel()
	m := material(t)
	for _, l := range framework.Languages() {
		for _, field := range []bool{false, true} {
			got, err := m.Minutes(l, field)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s, field %t: statements %.1f minutes; %.1f questions in %.2f minutes, at most %.2f", l, field, got.Statements, got.Questions, got.Test, got.Longest)
			if again, err := m.Minutes(l, field); err != nil || again != got {
				t.Errorf("%+v the second time: %v", again, err)
			}
			if got.Test > minutes || got.Questions < 10 || got.Statements > 3 {
				t.Errorf("%s, field %t: %+v", l, field, got)
			}
		}
	}
}

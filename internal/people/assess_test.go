package people

import (
	"testing"

	"tekentafel/internal/people/linkage"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/quality"
)

func TestTooManyPeopleForTheSearchAreCountedAndNotPassedOver(t *testing.T) {
	t.Parallel()
	two := []org.Person{{ID: "a", Number: "1", Given: "An", Family: "Peeters", BirthYear: 1980, Mail: "an.peeters@stad.example"}, {ID: "b", Number: "2", Given: "An", Family: "Peeters", BirthYear: 1980, Mail: "an.peeters@stad.example"}}
	for _, n := range []int{2, MostLinked + 1} {
		people := append(two, make([]org.Person, n-2)...)
		a := Assessment{}
		if err := a.linkPeople(t.Context(), &org.Organisation{People: people}, nil, func(linkage.Stage, int, int) {}, &quality.Input{}); err != nil {
			t.Fatal(err)
		}
		if few := n <= MostLinked; few != (a.Unlinked == 0) || !few && (a.Unlinked != n || len(a.People) > 0) {
			t.Errorf("of %d people %d count as not searched, with %d proposals", n, a.Unlinked, len(a.People))
		}
	}
}

package draft

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"tekentafel/internal/people/mapping"
	"tekentafel/internal/people/org"
	"tekentafel/internal/people/sheet"
)

var _ mapping.Table = (*sheet.Table)(nil)

// ugly is an export as a payroll system makes it: a title, two posts of one person, a total, and a footer.
const ugly = `Personeelslijst;;;;;;;;
Afgedrukt op 29/11/2026;;;;;;;;
;;;;;;;;
Stamnr;NAAM;VNAAM;E-mail;Org.eenheid;Functietitel;FTE %;In dienst;Leidinggevende
001201;Peeters;Jan;jan.peeters@stad.example;Stad > Techniek > Wegen;Ploegbaas;100;1/9/1998;Maes An
001202;Maes;An;an.maes@stad.example;Stad > Techniek;Directeur;100;15/03/2010;
001203;Lefèvre;Zoë;;Stad > Techniek > Groen;Tuinier;50;2/1/2020;Maes An
001203;Lefèvre;Zoë;;Stad > Burger > Loket;Loketbediende;30;2/1/2020;Maes An
001204;De Smet;Karel;karel;Stad > Burger > Loket;Loketbediende;80;31/02/2021;Maes An
Totaal;;;;;;360;;
`

func TestAnUglyExportBecomesAnOrganisation(t *testing.T) {
	t.Parallel()
	text, err := charmap.Windows1252.NewEncoder().String(ugly)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tab, err := sheet.Read(context.Background(), path, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := mapping.Propose(tab, nil, nil)
	m := p.Mapping()
	if problems := m.Check(tab.Headings()); len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	d, err := Make(context.Background(), tab, m, Options{Day: day})
	if err != nil {
		t.Fatal(err)
	}
	n := resolved(t, d, &org.Organisation{}, How{Complete: true})
	sound(t, n.Organisation)
	want := []string{
		"001201 Jan Peeters|jan.peeters@stad.example||0|false|1998-09-01-|||under 001202[[Stad Techniek Wegen] Ploegbaas  1000  true 1998-09-01-]",
		"001202 An Maes|an.maes@stad.example||0|false|2010-03-15-||[[Stad Techniek] Directeur  1000  true 2010-03-15-]",
		"001203 Zoë Lefèvre|||0|false|2020-01-02-|||under 001202[[Stad Burger Loket] Loketbediende  300  false 2020-01-02- [Stad Techniek Groen] Tuinier  500  true 2020-01-02-]",
		"001204 Karel De Smet|||0|false|-|||under 001202[[Stad Burger Loket] Loketbediende  800  true -]",
	}
	if diff := cmp.Diff(want, everybody(n.Organisation)); diff != "" {
		t.Error(diff)
	}
	if d.Taken != 5 || len(d.Doubts) != 2 {
		t.Errorf("taken %d, doubts %+v, rejected %+v", d.Taken, d.Doubts, d.Rejected)
	}
}

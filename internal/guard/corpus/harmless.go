package corpus

import (
	"fmt"
	"strings"
)

// harmless returns what a slot for something that is not sensitive stands for: what looks most like what is.
func (b *builder) harmless(slot string) string {
	r := b.r
	d := func(n int) string { return digits(r, n) }
	switch slot {
	case "order":
		return pick(r, []string{d(10), d(9), d(8), "PO-" + d(7), "45" + d(8), d(4) + "-" + d(4) + "-" + d(3), "2024" + d(6)})
	case "version":
		return fmt.Sprintf("%d.%d.%d", r.IntN(20), r.IntN(30), r.IntN(40))
	case "ip":
		return fmt.Sprintf("10.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256))
	case "price":
		return pick(r, []string{fmt.Sprintf("%d.%s,%s euro", 1+r.IntN(900), d(3), d(2)), fmt.Sprintf("€ %d,%s", r.IntN(999), d(2)), fmt.Sprintf("%d %s %s EUR", 1+r.IntN(90), d(3), d(3))})
	case "date":
		return fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 2019+r.IntN(8))
	case "period":
		return fmt.Sprintf("%02d.%02d.%d - %02d.%02d.%d", 1+r.IntN(28), 1+r.IntN(12), 2019+r.IntN(8), 1+r.IntN(28), 1+r.IntN(12), 2019+r.IntN(8))
	case "time":
		return fmt.Sprintf("%02d:%s", 7+r.IntN(14), pick(r, []string{"00", "15", "30", "45"}))
	case "coordinates":
		return fmt.Sprintf("%d.%s, %d.%s", 50+r.IntN(2), d(6), 3+r.IntN(3), d(6))
	case "isbn":
		return fmt.Sprintf("978-%s-%s-%s-%s", d(2), d(4), d(3), d(1))
	case "ean":
		return "54" + d(11)
	case "law":
		return pick(r, []string{"artikel 14, § 2, van de wet van 8 december 1992", "art. 458 Sw.", "Verordening (EU) 2016/679", "KB van 3 april 1984", "article 9, alinéa 2, de la loi du 30 juillet 2018", "§ 35a SGB VIII", "Richtlinie 95/46/EG", "Regulation (EU) 2024/1689"})
	case "article":
		return pick(r, []string{"04" + d(2) + "." + d(3) + "." + d(2), d(4) + "-" + d(2) + "-" + d(2), d(3) + "." + d(3) + "." + d(2), "7" + d(3) + " " + d(3), d(2) + "-" + d(4) + "-" + d(2)})
	case "serial":
		return pick(r, []string{"SN" + d(9), d(12), "A" + d(3) + "-" + d(4), letters(r, 3) + d(6)})
	case "meter":
		return "5414" + d(14)
	case "structured":
		return "+++" + d(3) + "/" + d(4) + "/" + d(5) + "+++"
	case "eleven":
		return d(11)
	case "nine":
		return d(9)
	case "year":
		return fmt.Sprint(1990 + r.IntN(37))
	case "number":
		return fmt.Sprint(2 + r.IntN(400))
	case "percent":
		return fmt.Sprintf("%d,%d %%", r.IntN(100), r.IntN(10))
	case "room":
		return strings.ReplaceAll(pick(r, b.e.rooms), "#", fmt.Sprint(1+r.IntN(9)))
	case "brand":
		return pick(r, b.e.brands)
	case "thing":
		return pick(r, b.e.things)
	case "month":
		return pick(r, []string{"mei", "april", "juni"})
	case "acronym":
		return pick(r, b.e.acronyms)
	}
	panic("corpus: no slot " + slot + " (" + strings.ToUpper(b.code) + ")")
}

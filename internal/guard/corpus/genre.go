package corpus

import (
	"fmt"
	"strings"
)

// fields splits a list of words.
func fields(s string) []string { return strings.Fields(s) }

// list splits a list at its semicolons.
func list(s string) []string {
	var out []string
	for _, x := range strings.Split(s, ";") {
		if x = strings.TrimSpace(x); x != "" {
			out = append(out, x)
		}
	}
	return out
}

// paragraph writes n sentences, of which a share is harmless.
func (b *builder) paragraph(n int, share float64) {
	for i := range n {
		if i > 0 {
			b.say(pick(b.r, []string{" ", " ", " ", "  ", "\n"}))
		}
		if b.chance(share) {
			b.say(pick(b.r, b.l.harmless))
		} else {
			b.say(pick(b.r, b.l.sentences))
		}
	}
}

func letter(b *builder) {
	b.say("{place}, " + fmt.Sprintf("%d/%02d/%d\n\n", 1+b.r.IntN(28), 1+b.r.IntN(12), 2020+b.r.IntN(6)))
	b.say(pick(b.r, b.l.greetings) + "\n\n")
	b.paragraph(2+b.r.IntN(4), 0.45)
	b.say("\n\n")
	b.paragraph(1+b.r.IntN(3), 0.5)
	b.say("\n\n" + pick(b.r, b.l.closings) + "\n\n{person}\n{role}\n")
}

func mailMessage(b *builder) {
	if b.chance(0.5) {
		b.say(map[string]string{"nl": "Van: {person} <{mail}>\nOnderwerp: ", "fr": "De : {person} <{mail}>\nObjet : ", "de": "Von: {person} <{mail}>\nBetreff: ", "en": "From: {person} <{mail}>\nSubject: "}[b.code])
		b.say(pick(b.r, b.l.subjects) + "\n\n")
	}
	b.say(pick(b.r, b.l.greetings) + "\n\n")
	b.paragraph(2+b.r.IntN(4), 0.45)
	b.say("\n\n" + pick(b.r, b.l.closings) + "\n")
	if b.chance(0.3) {
		b.say("{given}\n")
	} else {
		b.say("{person}\n{role}\nT {phone} | {mail}\n")
	}
}

func minutes(b *builder) {
	b.say(map[string]string{"nl": "Verslag overleg {date}\nAanwezig: ", "fr": "Compte rendu du {date}\nPrésents : ", "de": "Protokoll vom {date}\nAnwesend: ", "en": "Minutes {date}\nPresent: "}[b.code])
	n := 2 + b.r.IntN(4)
	for i := range n {
		if i > 0 {
			b.say(", ")
		}
		b.say("{person}")
	}
	b.say("\n\n")
	for i := range 3 + b.r.IntN(4) {
		b.say(pick(b.r, []string{"- ", "* ", fmt.Sprintf("%d. ", i+1)}))
		b.paragraph(1, 0.5)
		b.say("\n")
	}
}

func chat(b *builder) {
	for range 3 + b.r.IntN(6) {
		if b.chance(0.5) {
			b.say("{given}: ")
		}
		b.say(pick(b.r, b.l.chats) + "\n")
	}
}

func report(b *builder) {
	b.say("# " + pick(b.r, b.l.subjects) + "\n\n")
	for i := range 2 + b.r.IntN(3) {
		b.say(fmt.Sprintf("## %d. ", i+1) + pick(b.r, b.l.subjects) + "\n\n")
		b.paragraph(3+b.r.IntN(5), 0.7)
		b.say("\n\n")
	}
}

func table(b *builder) {
	slots := []string{"phone", "mail", "national", "bsn", "account", "birth", "plate", "order", "price", "date"}
	b.r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	slots = append([]string{"tabular"}, slots[:2+b.r.IntN(3)]...)
	b.r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	sign := pick(b.r, []string{" | ", "\t", ";"})
	for i, s := range slots {
		if i > 0 {
			b.say(sign)
		}
		b.say(pick(b.r, b.l.headings[s]))
	}
	b.say("\n")
	if sign == " | " && b.chance(0.5) {
		b.say(strings.TrimSuffix(strings.Repeat("--- | ", len(slots)), " | ") + "\n")
	}
	for range 3 + b.r.IntN(5) {
		for i, s := range slots {
			if i > 0 {
				b.say(sign)
			}
			b.say("{" + s + "}")
		}
		b.say("\n")
	}
}

func form(b *builder) {
	lines := append([]string(nil), b.l.forms...)
	b.r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	for _, l := range lines[:4+b.r.IntN(5)] {
		b.say(l + "\n")
	}
}

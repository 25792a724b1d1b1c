package corpus

import "fmt"

func formalLetter(b *builder) {
	b.say("{person}\n{address}\n\n{place}, {date}\n\n")
	b.say(pick(b.r, b.l.subjects) + "\n\n" + pick(b.r, b.l.greetings) + "\n\n")
	for range 1 + b.r.IntN(3) {
		b.paragraph(2+b.r.IntN(3), 0.5)
		b.say("\n\n")
	}
	b.say(pick(b.r, b.l.closings) + "\n\n\n{person}\n")
	if b.chance(0.6) {
		b.say("{role} - {phone} - {mail}\n")
	}
}

func reply(b *builder) {
	b.say(pick(b.r, b.l.greetings) + "\n")
	b.paragraph(2+b.r.IntN(4), 0.45)
	b.say("\n\n" + pick(b.r, b.l.closings) + "\n{person}")
	if b.chance(0.5) {
		b.say("\n{role}\n{phone}")
	}
	if b.chance(0.4) {
		b.say(map[string]string{
			"nl": "\n\n> Op {date} om {time} schreef {person}:\n> ", "fr": "\n\n> Le {date} à {time}, {person} a écrit :\n> ",
			"de": "\n\n> Am {date} um {time} schrieb {person}:\n> ", "en": "\n\n> On {date} at {time}, {person} wrote:\n> "}[b.code])
		b.paragraph(1, 0.4)
	}
	b.say("\n")
}

func decisions(b *builder) {
	b.say(map[string]string{"nl": "Teamoverleg {date}, {time}\nDeelnemers: ", "fr": "Réunion d'équipe {date}, {time}\nParticipants : ", "de": "Teamsitzung {date}, {time}\nTeilnehmer: ", "en": "Team meeting {date}, {time}\nParticipants: "}[b.code])
	for i := range 2 + b.r.IntN(4) {
		if i > 0 {
			b.say(pick(b.r, []string{", ", "; "}))
		}
		b.say("{person}")
		if b.chance(0.3) {
			b.say(" ({role})")
		}
	}
	b.say("\n")
	for i := range 3 + b.r.IntN(4) {
		b.say(fmt.Sprintf("\n%d) ", i+1))
		b.paragraph(1+b.r.IntN(2), 0.5)
		if b.chance(0.4) {
			b.say(" → {person}")
		}
	}
	b.say("\n")
}

func messenger(b *builder) {
	for range 4 + b.r.IntN(6) {
		if b.chance(0.6) {
			b.say("[{date} {time}] {person}: ")
		}
		b.say(pick(b.r, b.l.chats) + "\n")
	}
}

func note(b *builder) {
	b.say(pick(b.r, b.l.subjects) + "\n=====\n\n")
	for range 2 + b.r.IntN(3) {
		b.paragraph(4+b.r.IntN(5), 0.7)
		b.say("\n\n")
	}
}

func overview(b *builder) {
	slots := []string{"phone", "mail", "national", "bsn", "account", "birth", "plate", "order", "price", "date"}
	b.r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	slots = append([]string{"tabular"}, slots[:2+b.r.IntN(4)]...)
	b.r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	open, sign, shut := pick(b.r, []string{"| ", ""}), " | ", " |"
	if open == "" {
		sign, shut = pick(b.r, []string{"\t", ";"}), ""
	}
	row := func(cell func(s string)) {
		b.say(open)
		for i, s := range slots {
			if i > 0 {
				b.say(sign)
			}
			cell(s)
		}
		b.say(shut + "\n")
	}
	row(func(s string) { b.say(pick(b.r, b.l.headings[s])) })
	if open != "" {
		row(func(string) { b.say(":---") })
	}
	for range 2 + b.r.IntN(7) {
		row(func(s string) { b.say("{" + s + "}") })
	}
}

func record(b *builder) {
	lines := append([]string(nil), b.l.forms...)
	b.r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	mark := pick(b.r, []string{"", "- ", "* "})
	for _, l := range lines[:4+b.r.IntN(5)] {
		b.say(mark + l + "\n")
	}
	if b.chance(0.5) {
		b.say("\n")
		b.paragraph(2, 0.5)
		b.say("\n")
	}
}

func callLog(b *builder) {
	for range 2 + b.r.IntN(5) {
		b.say("{time} ")
		b.say(map[string]string{
			"nl": "Oproep van {person} ({phone}): ", "fr": "Appel de {person} ({phone}) : ", "de": "Anruf von {person} ({phone}): ", "en": "Call from {person} ({phone}): "}[b.code])
		b.paragraph(1, 0.5)
		b.say("\n")
	}
}

package corpus

import "fmt"

func homeVisit(b *builder) {
	b.say(pick(b.r, b.l.subjects) + " {date}, {time}\n\n")
	for range 2 + b.r.IntN(3) {
		b.paragraph(3+b.r.IntN(4), 0.4)
		b.say("\n\n")
	}
	b.say("{person}, {role}\n")
}

func complaint(b *builder) {
	b.say(pick(b.r, b.l.greetings) + "\n\n")
	b.paragraph(4+b.r.IntN(5), 0.5)
	b.say("\n\n" + pick(b.r, b.l.closings) + "\n{person}\n{address}\n{phone}\n")
}

func thread(b *builder) {
	for i := range 2 + b.r.IntN(2) {
		if i > 0 {
			b.say("\n________________________________\n")
			b.say(map[string]string{
				"nl": "Van: {person} <{mail}>\nVerzonden: {date} {time}\nAan: {person}\nOnderwerp: ", "fr": "De : {person} <{mail}>\nEnvoyé : {date} {time}\nÀ : {person}\nObjet : ",
				"de": "Von: {person} <{mail}>\nGesendet: {date} {time}\nAn: {person}\nBetreff: ", "en": "From: {person} <{mail}>\nSent: {date} {time}\nTo: {person}\nSubject: "}[b.code])
			b.say(pick(b.r, b.l.subjects) + "\n\n")
		}
		b.say(pick(b.r, b.l.greetings) + "\n\n")
		b.paragraph(2+b.r.IntN(3), 0.5)
		b.say("\n\n" + pick(b.r, b.l.closings) + "\n\n{given}\n")
	}
}

func handover(b *builder) {
	for range 3 + b.r.IntN(4) {
		b.say(pick(b.r, []string{"• ", "– ", "* ", "[ ] "}))
		b.paragraph(1+b.r.IntN(2), 0.4)
		if b.chance(0.3) {
			b.say(" (" + fmt.Sprintf("%d/%d", 1+b.r.IntN(28), 1+b.r.IntN(12)) + ", {person})")
		}
		b.say("\n")
	}
}

func question(b *builder) {
	b.paragraph(1+b.r.IntN(4), 0.4)
	b.say(" ")
	b.say(pick(b.r, b.l.chats) + "\n")
}

func export(b *builder) {
	slots := []string{"phone", "mail", "national", "bsn", "account", "birth", "plate", "order", "price", "date"}
	b.r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	slots = append([]string{"tabular"}, slots[:3+b.r.IntN(3)]...)
	sign := pick(b.r, []string{";", "\t", " | "})
	row := func(cell func(s string)) {
		for i, s := range slots {
			if i > 0 {
				b.say(sign)
			}
			cell(s)
		}
		b.say("\n")
	}
	if b.chance(0.3) {
		b.say(pick(b.r, b.l.subjects) + "\n\n")
	}
	row(func(s string) { b.say(pick(b.r, b.l.headings[s])) })
	for range 3 + b.r.IntN(6) {
		row(func(s string) { b.say("{" + s + "}") })
	}
}

func intake(b *builder) {
	for _, l := range b.l.forms {
		if b.chance(0.6) {
			b.say(l + "\n")
		}
	}
	b.say("\n")
	b.paragraph(2+b.r.IntN(3), 0.4)
	b.say("\n")
}

func guide(b *builder) {
	b.say("# " + pick(b.r, b.l.subjects) + "\n\n")
	for i := range 3 + b.r.IntN(3) {
		b.say(fmt.Sprintf("%d. ", i+1))
		b.paragraph(2+b.r.IntN(3), 0.9)
		b.say("\n")
	}
}

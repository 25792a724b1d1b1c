package quality

import "tekentafel/internal/contact"

// lookAtMail tells what is wrong with the mail of one person.
func (r *roll) lookAtMail(i int, m string) {
	if m == "" {
		r.flag(NoMail, i)
		return
	}
	if plainMail(m) {
		return
	}
	if _, ok := contact.Mail(m); !ok {
		r.flag(MailBad, i)
	}
}

// mails finds mails of several people. Second records of a person, and people whose last day is over, share a mail with nobody.
func (r *roll) mails() {
	for _, group := range r.shared {
		var of []int32
		for _, i := range group {
			if r.canon[i] == i {
				of = append(of, i)
			}
		}
		if len(of) < 2 {
			continue
		}
		var with []string
		for _, i := range of {
			r.rows[i].bits |= MailShared.bit()
			if i != of[0] && len(with) < 20 {
				with = append(with, r.id(i))
			}
		}
		r.hit(MailShared, len(of), r.id(of[0]), with...)
	}
}

// plainMail tells whether a mail is beyond doubt one, so that the costly look is left to the others.
func plainMail(s string) bool {
	at, last := -1, byte('.')
	dot := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || (c == '_' && at < 0):
		case c == '.':
			if last == '.' || last == '@' {
				return false
			}
			dot = at >= 0
		case c == '@':
			if at >= 0 || last == '.' || i > 64 {
				return false
			}
			at = i
		default:
			return false
		}
		last = c
	}
	return dot && last != '.' && len(s) <= contact.LongestMail
}

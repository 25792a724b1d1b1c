package mail

import (
	"net/mail"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tekentafel/internal/clock"
	"tekentafel/internal/i18n"
	"tekentafel/internal/instrument"
	"tekentafel/internal/problem"
)

func TestTheLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Error(err)
	}
}

func TestEveryReasonAndStateHasItsWords(t *testing.T) {
	t.Parallel()
	p := locale().Printer(instrument.NL)
	for _, reason := range []string{whyServer, whyUnreachable, whyBroken, whyNoAnswer, whyGaveUp, whyTooLate, whyUnreadable, "died", "died-handed", "resent", "restored"} {
		p.T("reason."+reason, nil)
	}
	for _, s := range States() {
		p.T("state."+string(s), nil)
		p.T("held."+string(s), i18n.Args{"subject": "x"})
	}
	if err := p.Err(); err != nil {
		t.Error(err)
	}
}

func TestEveryKindIsWrittenInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, k := range builtin() {
		for _, lang := range instrument.Languages() {
			m := Message{Kind: k.Name, Lang: lang, Organisation: "Stad", Args: i18n.Args{"link": "https://x.example/1", "device": "Firefox"}, Until: newHand().now}
			subject, w, err := k.write(m, newHand().now, clock.Brussels())
			if err != nil || subject == "" || strings.ContainsAny(subject+w.Text+w.HTML, "{}") || len(w.Text) < 100 {
				t.Errorf("%s in %s: %q, %v\n%s", k.Name, lang, subject, err, w.Text)
			}
		}
	}
	k := builtin()[0]
	if _, _, err := k.write(Message{Kind: k.Name, Lang: "nl"}, newHand().now, clock.Brussels()); err == nil {
		t.Error("an invitation is written without its link")
	}
}

// hostile draws texts that try to leave their line or their place.
func hostile() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
			"\r\n", "\n", "\r", "\x00", "\u2028", "\u202e", "Bcc: evil@x.example", "\r\n\r\n", "<script>alert(1)</script>", "{link}", "é", "Anna", " ",
			"\"", "=?utf-8?q?=0D=0ABcc:_x?=", "https://evil.example", ">", ".\r\n", "--", strings.Repeat("x", 400),
		}), 0, 8).Draw(t, "pieces")
		return strings.Join(pieces, "") + rapid.String().Draw(t, "rest")
	})
}

func TestNoNameLeavesItsLine(t *testing.T) {
	t.Parallel()
	s, err := Config{Address: "mail.stad.example:587", From: "Tekentafel <noreply@stad.example>", ReplyTo: "hr@stad.example"}.open()
	if err != nil {
		t.Fatal(err)
	}
	kinds := builtin()
	names := func(raw []byte) (list []string, subject string) {
		m, err := mail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		for name := range m.Header {
			list = append(list, name)
		}
		slices.Sort(list)
		return list, m.Header.Get("Subject")
	}
	want := "Auto-Submitted Content-Type Date From Message-Id Mime-Version Reply-To Subject To"
	rapid.Check(t, func(t *rapid.T) {
		m := Message{
			Name: hostile().Draw(t, "name"), Organisation: hostile().Draw(t, "organisation"), Lang: instrument.NL, Until: newHand().now,
			Args: i18n.Args{"link": hostile().Draw(t, "link"), "device": hostile().Draw(t, "device")},
		}
		k := rapid.SampledFrom(kinds).Draw(t, "kind")
		subject, w, err := k.write(m, newHand().now, clock.Brussels())
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.compose(&claim{id: "1", recipient: "anna@stad.example", subject: subject, created: newHand().now}, w, "1@stad.example")
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := names(l.raw); strings.Join(got, " ") != want {
			t.Fatalf("headers %v", got)
		}
		if strings.Contains(w.HTML, "<script") || strings.Count(w.HTML, "<p>") > 12 {
			t.Fatalf("the HTML holds what a name brought: %s", w.HTML)
		}
		for line := range strings.SplitSeq(string(l.raw), "\r\n") {
			if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
				t.Fatalf("line %q", line)
			}
		}
	})
}

// unflow reads format=flowed text (RFC 3676, section 4.1).
func unflow(s string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		line = strings.TrimPrefix(line, " ")
		out.WriteString(line)
		if !strings.HasSuffix(line, " ") {
			out.WriteString("\n")
		}
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func TestTextThatFlowsReadsAsItWasWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "From", ">", "generatieve", "één", "https://tekentafel.example/" + strings.Repeat("x", 90)}), 1, 60).Draw(t, "words")
		text := strings.Join(words, " ")
		flowed := flow(text)
		if got := unflow(flowed); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		for line := range strings.SplitSeq(flowed, "\r\n") {
			if n := utf8.RuneCountInString(line); n > 78 && strings.Contains(strings.TrimSpace(line), " ") {
				t.Fatalf("a line of %d characters: %q", n, line)
			}
			if strings.HasPrefix(line, ">") || strings.HasPrefix(line, "From ") {
				t.Fatalf("line %q", line)
			}
		}
	})
}

func TestAnAddressIsOneMailboxAndNothingElse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Anna@Stad.example": "anna@stad.example", " anna+x@stad.example ": "anna+x@stad.example", "jos@münchen.example": "jos@xn--mnchen-3ya.example",
	} {
		if got, err := Address(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "anna", "anna@", "@stad.example", "Anna <anna@stad.example>", "<anna@stad.example>", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example",
		"a@b.example\r\n", "\"a b\"@c.example", "ann a@b.example", "änna@b.example", "a@[127.0.0.1]", strings.Repeat("a", 250) + "@b.example", "a@b.example>", "a@b..example",
	} {
		if got, err := Address(in); !problem.Is(err, problem.Invalid) {
			t.Errorf("%q is taken as %q, %v", in, got, err)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("anna@stad.example")
	f.Add("a@b\r\nBcc: c@d")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := Address(in)
		if err != nil {
			return
		}
		if strings.ContainsAny(got, "\r\n <>\",") || len(got) > maxAddress || strings.Count(got, "@") < 1 {
			t.Errorf("%q became %q", in, got)
		}
		if again, err := Address(got); err != nil || again != got {
			t.Errorf("%q is taken, but not %q: %v", in, got, err)
		}
	})
}

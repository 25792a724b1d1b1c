package madeup

import (
	"math/rand/v2"
	"strings"
)

// spellings returns up to n other ways in which a title is written, all different.
//
//nolint:misspell // Dutch
func spellings(r *rand.Rand, title, level string, n int) []string {
	short := strings.NewReplacer("Administratief", "Adm.", "administratief", "adm.", "Technisch", "Techn.", "medewerker", "mdw.", "Medewerker", "Mdw.",
		"verantwoordelijke", "verantw.", "begeleider", "begel.", "Begeleider", "Begel.", "beheerder", "beh.", "adviseur", "adv.", "Maatschappelijk", "Maatsch.",
		"leider", "leid.")
	ways := []string{
		strings.ToUpper(title), strings.ToLower(title), title + " (m/v/x)", title + " M/V", short.Replace(title), strings.ToUpper(short.Replace(title)),
		title + " niv. " + level, title + " niveau " + level, title + " - " + level + "1-" + level + "3", strings.ReplaceAll(title, " ", "-"),
		strings.ReplaceAll(title, " ", "  "), short.Replace(title) + " (" + level + ")", title + ".", typo(r, title), typo(r, title), typo(r, strings.ToLower(title)),
		title + " voltijds", title + " 4/5", short.Replace(title) + " m/v/x", title + " (contr.)",
	}
	r.Shuffle(len(ways), func(i, j int) { ways[i], ways[j] = ways[j], ways[i] })
	seen := map[string]bool{title: true}
	var out []string
	for _, w := range ways {
		if len(out) < n && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// typo exchanges two letters, or drops one.
func typo(r *rand.Rand, s string) string {
	letters := []rune(s)
	i := 1 + r.IntN(len(letters)-2)
	if r.IntN(2) == 0 {
		letters[i], letters[i+1] = letters[i+1], letters[i]
		return string(letters)
	}
	return string(append(letters[:i], letters[i+1:]...))
}

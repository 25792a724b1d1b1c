package identity

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/instrument"
)

func TestTheLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	if err := locale().Check(); err != nil {
		t.Fatal(err)
	}
}

// sources returns the program and templates of this package.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"*.go", "*.templ"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") || strings.HasPrefix(file, "oidc_") || strings.HasPrefix(file, "provider") || strings.HasPrefix(file, "passkey") {
				continue
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(raw)
		}
	}
	return all.String()
}

func TestEveryTextThatTheProgramAsksForIsThereAndNoneIsLeftOver(t *testing.T) {
	t.Parallel()
	src := sources(t)
	asked := map[string]bool{}
	for prefix, pattern := range map[string]string{
		"problem.": `say\(problem\.\w+, "([^"]+)"\)`,
		"field.":   `\bwrong\([^,]+, "([^"]+)"`,
		"":         `(?:\.Wrong\([^,]+, |\.say\(|\.with\(|\.T\(|\.N\(|label\(|message\(|Key: )"([a-z][a-zA-Z0-9.-]*[a-zA-Z0-9])"`,
		"notice.":  `\bnotice\("([^"]+)"\)|p\.done\(w, r, "([^"]+)"`,
		"audit.":   `Action: +"([a-z-]+\.[a-z-]+)"|action :?= "([a-z-]+\.[a-z-]+)"|e\.Action = "([^"]+)"|actor, actor\.Owner, (?:session, )?"([^"]+)"|, "(organisation\.theme-set)"|"(organisation\.logo-removed)"|"(second-factor\.[a-z]+)"`,
	} {
		for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(src, -1) {
			for _, key := range found[1:] {
				if key != "" {
					asked[prefix+key] = true
				}
			}
		}
	}
	for _, key := range regexp.MustCompile(`"((?:held|person|sessions|keys|label|people)\.[a-z-]+)"`).FindAllStringSubmatch(src, -1) {
		asked[key[1]] = true
	}
	for _, key := range regexp.MustCompile(`return "((?:password|pin)-[a-z]+)"`).FindAllStringSubmatch(src, -1) {
		asked["field."+key[1]] = true
	}
	for _, r := range access.Roles() {
		asked["role."+string(r)] = true
		if r != access.Employee {
			asked["role."+string(r)+"-hint"] = true
		}
	}
	for _, l := range instrument.Languages() {
		asked["language."+string(l)] = true
	}
	for _, m := range []Method{ByPassword, ByPIN, ByPasskey, ByOIDC, ByLink} {
		asked["method."+string(m)] = true
	}
	for _, m := range []Method{ByPassword, ByPIN, ByCode} {
		asked["problem.wrong-"+string(m)] = true
	}
	for _, a := range access.Delegable() {
		asked["action."+string(a)] = true
	}
	for _, kind := range []string{"founder", linkFirst, linkInvitation, linkRecovery} {
		asked["welcome."+kind], asked["welcome."+kind+"-lead"] = true, true
	}
	for _, kind := range []ShownKind{ShownPIN, ShownCodes, ShownLink, ShownKey} {
		asked["shown."+string(kind)], asked["shown."+string(kind)+"-lead"] = true, true
	}
	for _, key := range []string{"pin", "block", "reset", "erase"} {
		asked["sure."+key], asked["sure."+key+"-text"], asked["sure."+key+"-do"] = true, true, true
	}
	for _, action := range []string{"account.blocked", "account.unblocked", "account.role-given", "account.role-taken", "pin.issued", "pin.changed"} {
		asked["audit."+action] = true
	}
	for _, key := range []string{"look.light", "look.dark", "look.light-short", "look.dark-short", "organisation.slug", "organisation.languages", "problem.locked", "notice.flow-gone", "sessions.device",
		"sessions.method", "sessions.seen", "sessions.since", "keys.used", "field.pin-repeat", "audit.organisation.logo-set"} {
		asked[key] = true
	}
	for _, key := range Letters() {
		for _, part := range []string{"name", "subject", "body"} {
			asked[key+"."+part] = true
		}
	}
	p := locale().Printer(instrument.NL)
	for key := range asked {
		if !p.Has(key) && strings.Contains(key, ".") && !strings.HasPrefix(key, "action.") {
			t.Errorf("there is no text %q", key)
		}
	}
	keys, err := locale().Keys()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if !asked[key] && !slices.Contains([]string{"audit-detail", "action"}, strings.Split(key, ".")[0]) {
			t.Errorf("nothing asks for the text %q", key)
		}
	}
	for _, a := range access.Delegable() {
		if !p.Has("action." + string(a)) {
			t.Errorf("the action %s has no words", a)
		}
	}
}

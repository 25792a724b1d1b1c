package identity

import (
	"context"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/instrument"
)

// Who gave a role.
const (
	sourceLocal = "local"
	sourceOIDC  = "oidc"
	sourceSCIM  = "scim"
)

const accountColumns = `a.id, a.name, COALESCE(a.mail, ''), COALESCE(a.staff_number, ''), a.language, a.state, a.version, a.created_at,
COALESCE((SELECT string_agg(r.source || ':' || r.role, ' ') FROM account_roles r WHERE r.tenant_id = a.tenant_id AND r.account_id = a.id), '')`

func scanAccount(scan func(...any) error, more ...any) (AccountView, error) {
	var a AccountView
	var created int64
	var roles string
	if err := scan(append([]any{&a.ID, &a.Name, &a.Mail, &a.StaffNumber, &a.Language, &a.State, &a.Version, &created, &roles}, more...)...); err != nil {
		return a, err
	}
	a.CreatedAt = clock.Time(created)
	given := map[string][]access.Role{}
	for word := range strings.FieldsSeq(roles) {
		source, role, _ := strings.Cut(word, ":")
		given[source] = append(given[source], access.Role(role))
	}
	a.Roles, a.ProviderRoles, a.DirectoryRoles = inOrder(given[sourceLocal]), inOrder(given[sourceOIDC]), inOrder(given[sourceSCIM])
	return a, nil
}

// inOrder returns roles in the order of access.Roles, each once, never nil.
func inOrder(roles []access.Role) []access.Role {
	has := map[access.Role]bool{}
	for _, r := range roles {
		has[r] = true
	}
	out := []access.Role{}
	for _, r := range access.Roles() {
		if has[r] {
			out = append(out, r)
		}
	}
	return out
}

// accountBy finds an account by "id", "mail" or "staff_number".
func accountBy(ctx context.Context, r db.Reader, column, value string) (AccountView, error) {
	var a AccountView
	found := false
	err := r.Rows(ctx, `SELECT `+accountColumns+` FROM accounts a WHERE a.tenant_id = $1 AND a.`+column+` = $2`, func(scan func(...any) error) (err error) {
		found = true
		a, err = scanAccount(scan)
		return err
	}, value)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return a, err
}

func searchText(name, mail, number string) string {
	return strings.TrimSpace(fold(name + " " + mail + " " + number))
}

func addAccount(ctx context.Context, sc *db.Scope, account string, in AccountInput, now time.Time) error {
	_, err := sc.Exec(ctx, `INSERT INTO accounts (tenant_id, id, name, mail, staff_number, search, language, state, created_at)
VALUES ($1, $2, $3, NULLIF($4, ''), NULLIF($5, ''), $6, $7, 'active', $8)`,
		account, in.Name, in.Mail, in.StaffNumber, searchText(in.Name, in.Mail, in.StaffNumber), string(in.Language), clock.Micros(now))
	return err
}

func changeAccount(ctx context.Context, sc *db.Scope, account string, in AccountInput) error {
	_, err := sc.Exec(ctx, `UPDATE accounts SET name = $3, mail = NULLIF($4, ''), staff_number = NULLIF($5, ''), search = $6, language = $7,
version = version + 1 WHERE tenant_id = $1 AND id = $2`,
		account, in.Name, in.Mail, in.StaffNumber, searchText(in.Name, in.Mail, in.StaffNumber), string(in.Language))
	return err
}

func putState(ctx context.Context, sc *db.Scope, account string, state State) error {
	_, err := sc.Exec(ctx, `UPDATE accounts SET state = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2`, account, string(state))
	return err
}

func putLanguage(ctx context.Context, sc *db.Scope, account string, lang instrument.Lang) error {
	_, err := sc.Exec(ctx, `UPDATE accounts SET language = $3 WHERE tenant_id = $1 AND id = $2`, account, string(lang))
	return err
}

func touchAccount(ctx context.Context, sc *db.Scope, account string) error {
	_, err := sc.Exec(ctx, `UPDATE accounts SET version = version + 1 WHERE tenant_id = $1 AND id = $2`, account)
	return err
}

func giveRole(ctx context.Context, sc *db.Scope, account string, role access.Role, source string) error {
	_, err := sc.Exec(ctx, `INSERT INTO account_roles (tenant_id, account_id, role, source) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, account_id, role, source) DO NOTHING`, account, string(role), source)
	return err
}

func takeRole(ctx context.Context, sc *db.Scope, account string, role access.Role, source string) error {
	_, err := sc.Exec(ctx, `DELETE FROM account_roles WHERE tenant_id = $1 AND account_id = $2 AND role = $3 AND source = $4`, account, string(role), source)
	return err
}

// administrators counts the active accounts with the role of administrator.
func administrators(ctx context.Context, r db.Reader) (int, error) {
	var n int
	err := r.Row(ctx, `SELECT count(DISTINCT a.id) FROM accounts a
JOIN account_roles r ON r.tenant_id = a.tenant_id AND r.account_id = a.id AND r.role = 'administrator'
WHERE a.tenant_id = $1 AND a.state = 'active'`, nil, &n)
	return n, err
}

// credentials returns how an account can sign in.
func credentials(ctx context.Context, r db.Reader, account string) (Credentials, error) {
	var c Credentials
	err := r.Row(ctx, `SELECT
EXISTS (SELECT 1 FROM passwords x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id),
EXISTS (SELECT 1 FROM totps x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id AND x.confirmed_at > 0),
EXISTS (SELECT 1 FROM pins x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id),
EXISTS (SELECT 1 FROM pins x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id AND x.must_change),
(SELECT count(*) FROM passkeys x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id),
EXISTS (SELECT 1 FROM subjects x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id),
(SELECT count(*) FROM recovery_codes x WHERE x.tenant_id = a.tenant_id AND x.account_id = a.id)
FROM accounts a WHERE a.tenant_id = $1 AND a.id = $2`, []any{account},
		&c.Password, &c.SecondFactor, &c.PIN, &c.PINIssued, &c.Passkeys, &c.Provider, &c.Codes)
	return c, err
}

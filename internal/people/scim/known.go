package scim

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"tekentafel/internal/db"
)

// HasAccount tells whether an account is that of a user, also of one who is out.
func HasAccount(ctx context.Context, r db.Reader, account string) (bool, error) {
	list, err := column(ctx, r, `SELECT id FROM scim_users WHERE tenant_id = $1 AND account_id = $2 AND account_id <> ''`, account)
	return len(list) > 0, err
}

// UsersOf counts the users of a person whom the directory has: one, unless somebody is there twice.
func UsersOf(ctx context.Context, r db.Reader, person string) (n int, err error) {
	err = r.Row(ctx, `SELECT COUNT(*) FROM scim_users WHERE tenant_id = $1 AND person_id = $2 AND person_id <> '' AND deleted_at = 0`, []any{person}, &n)
	return n, err
}

// Said calls each with the mail address and the language that the directory says of a person, "" for what it does not say. Of what a user
// says only these two are read: there may be a hundred thousand.
func Said(ctx context.Context, r db.Reader, each func(person, mail, language string)) error {
	return r.Rows(ctx, `SELECT id, person_id, resource FROM scim_users WHERE tenant_id = $1 AND person_id <> '' AND deleted_at = 0 ORDER BY id`, func(scan func(...any) error) error {
		var user, person string
		var resource sql.RawBytes
		if err := scan(&user, &person, &resource); err != nil {
			return err
		}
		var said struct {
			Emails   any `json:"emails"`
			Language any `json:"preferredLanguage"`
		}
		if err := json.Unmarshal(resource, &said); err != nil {
			return fmt.Errorf("read the user %s: %w", user, err)
		}
		u := Resource{"emails": said.Emails, "preferredLanguage": said.Language}
		each(person, u.mail(), u.language())
		return nil
	})
}

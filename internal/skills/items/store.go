package items

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"tekentafel/internal/clock"
	"tekentafel/internal/db"
	"tekentafel/internal/skills/items/tune"
)

// giftsOf returns how many gifts there are, and what they are.
func giftsOf(ctx context.Context, r db.Reader) (people int, gifts []byte, err error) {
	err = r.Row(ctx, `SELECT people, gifts FROM skill_gifts WHERE tenant_id = $1`, nil, &people, &gifts)
	if errors.Is(err, db.ErrNoRow) {
		return 0, nil, nil
	}
	return people, gifts, err
}

func putGifts(ctx context.Context, tx *db.Scope, people int, gifts []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO skill_gifts (tenant_id, people, gifts) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE SET people = excluded.people, gifts = excluded.gifts WHERE skill_gifts.tenant_id = $1`, people, gifts)
	return err
}

// waitingOf returns the sealed gifts that wait; nil when none ever came.
func waitingOf(ctx context.Context, r db.Reader) (sealed []byte, err error) {
	err = r.Row(ctx, `SELECT sealed FROM skill_gifts_waiting WHERE tenant_id = $1`, nil, &sealed)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil
	}
	return sealed, err
}

func putWaiting(ctx context.Context, tx *db.Scope, sealed []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO skill_gifts_waiting (tenant_id, sealed) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET sealed = excluded.sealed WHERE skill_gifts_waiting.tenant_id = $1`, sealed)
	return err
}

func dropGifts(ctx context.Context, tx *db.Scope) error {
	for _, table := range []string{"skill_gifts", "skill_gifts_waiting"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE tenant_id = $1`); err != nil {
			return err
		}
	}
	return nil
}

// Calibration is a calibration that was computed.
type Calibration struct {
	ID        string
	At        time.Time
	Account   string // who asked for it; "" when they were erased
	Gifts     bool   // gifts were to count
	Synthetic bool   // it rests on made-up answers
	Base      int64  // the version in use when it was computed
	Result    *tune.Result
	Adopted   int64 // the version that was made from it; 0: none
}

const calibrationColumns = `c.id, c.at, c.account_id, c.gifts, c.synthetic, c.base, c.result,
COALESCE((SELECT MAX(v.number) FROM skill_item_versions AS v WHERE v.tenant_id = c.tenant_id AND v.calibration_id = c.id), 0)`

func scanCalibration(scan func(...any) error) (Calibration, error) {
	var c Calibration
	var at int64
	var result string
	if err := scan(&c.ID, &at, &c.Account, &c.Gifts, &c.Synthetic, &c.Base, &result, &c.Adopted); err != nil {
		return c, err
	}
	c.At, c.Result = clock.Time(at), &tune.Result{}
	return c, json.Unmarshal([]byte(result), c.Result)
}

// calibrations lists calibrations, the newest first.
func calibrations(ctx context.Context, r db.Reader, limit int) (out []Calibration, err error) {
	err = r.Rows(ctx, `SELECT `+calibrationColumns+` FROM skill_item_calibrations AS c WHERE c.tenant_id = $1 ORDER BY c.at DESC, c.id DESC LIMIT $2`, func(scan func(...any) error) error {
		c, err := scanCalibration(scan)
		out = append(out, c)
		return err
	}, limit)
	return out, err
}

// calibrationOf returns a calibration; db.ErrNoRow when there is none.
func calibrationOf(ctx context.Context, r db.Reader, id string) (c Calibration, err error) {
	found := false
	err = r.Rows(ctx, `SELECT `+calibrationColumns+` FROM skill_item_calibrations AS c WHERE c.tenant_id = $1 AND c.id = $2`, func(scan func(...any) error) (err error) {
		found = true
		c, err = scanCalibration(scan)
		return err
	}, id)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return c, err
}

// openCalibration returns the id of the newest calibration when it can be taken in use: it calibrates something, nobody took it, and nothing else came
// into use since; "" otherwise.
func openCalibration(ctx context.Context, r db.Reader) (id string, err error) {
	var items, base, adopted int64
	err = r.Row(ctx, `SELECT c.id, c.items, c.base, COALESCE((SELECT MAX(v.number) FROM skill_item_versions AS v WHERE v.tenant_id = c.tenant_id AND v.calibration_id = c.id), 0)
FROM skill_item_calibrations AS c WHERE c.tenant_id = $1 ORDER BY c.at DESC, c.id DESC LIMIT 1`, nil, &id, &items, &base, &adopted)
	if errors.Is(err, db.ErrNoRow) {
		return "", nil
	}
	if err != nil || items == 0 || adopted > 0 {
		return "", err
	}
	now, err := numberOf(ctx, r)
	if err != nil || now != base {
		return "", err
	}
	return id, nil
}

// insertCalibration keeps a calibration, and lets go of the oldest that were never taken in use, but for the newest so many.
func insertCalibration(ctx context.Context, tx *db.Scope, c *Calibration, keep int) error {
	result, err := json.Marshal(c.Result)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO skill_item_calibrations (tenant_id, id, at, account_id, gifts, synthetic, base, items, result) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.ID, clock.Micros(c.At), c.Account, c.Gifts, c.Synthetic, c.Base, c.Result.Count(tune.Calibrated), string(result)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM skill_item_calibrations WHERE tenant_id = $1
AND NOT EXISTS (SELECT 1 FROM skill_item_versions AS v WHERE v.tenant_id = $1 AND v.calibration_id = skill_item_calibrations.id)
AND id NOT IN (SELECT n.id FROM skill_item_calibrations AS n WHERE n.tenant_id = $1 ORDER BY n.at DESC, n.id DESC LIMIT $2)`, keep)
	return err
}

// Version is parameters as they were taken in use.
type Version struct {
	Number      int64
	At          time.Time
	Account     string // who took it in use; "" when they were erased
	Note        string
	Calibration string // "" for one that was put back
	PutsBack    int64  // the version that it repeats, 0 being the guesses; -1: none
	Synthetic   bool
	Parameters  map[string]Parameter // by item; the others have the guess of the experts
}

// Parameter is what holds for an item.
type Parameter struct {
	Mark    string    `json:"mark"`
	A       float64   `json:"a"`
	B       []float64 `json:"b"`
	C       float64   `json:"c,omitempty"`
	SlopeSE float64   `json:"slopeSE"`
	SE      []float64 `json:"thresholdSE"`
	N       int       `json:"n"`     // answers
	Since   int64     `json:"since"` // the version in which it came into use
}

const versionColumns = `number, at, account_id, note, calibration_id, puts_back, synthetic, parameters`

func scanVersion(scan func(...any) error) (Version, error) {
	var v Version
	var at int64
	var parameters string
	if err := scan(&v.Number, &at, &v.Account, &v.Note, &v.Calibration, &v.PutsBack, &v.Synthetic, &parameters); err != nil {
		return v, err
	}
	v.At = clock.Time(at)
	return v, json.Unmarshal([]byte(parameters), &v.Parameters)
}

// versions lists the versions, the newest first.
func versions(ctx context.Context, r db.Reader) (out []Version, err error) {
	err = r.Rows(ctx, `SELECT `+versionColumns+` FROM skill_item_versions WHERE tenant_id = $1 ORDER BY number DESC`, func(scan func(...any) error) error {
		v, err := scanVersion(scan)
		out = append(out, v)
		return err
	})
	return out, err
}

// numberOf returns the number of the version in use; 0 for the guesses.
func numberOf(ctx context.Context, r db.Reader) (n int64, err error) {
	err = r.Row(ctx, `SELECT COALESCE((SELECT MAX(number) FROM skill_item_versions WHERE tenant_id = $1), 0)`, nil, &n)
	return n, err
}

// versionOf returns a version; db.ErrNoRow when there is none. Number 0 is the guesses.
func versionOf(ctx context.Context, r db.Reader, number int64) (v Version, err error) {
	if number == 0 {
		return Version{PutsBack: -1}, nil
	}
	found := false
	err = r.Rows(ctx, `SELECT `+versionColumns+` FROM skill_item_versions WHERE tenant_id = $1 AND number = $2`, func(scan func(...any) error) (err error) {
		found = true
		v, err = scanVersion(scan)
		return err
	}, number)
	if err == nil && !found {
		err = db.ErrNoRow
	}
	return v, err
}

func insertVersion(ctx context.Context, tx *db.Scope, v *Version) error {
	parameters, err := json.Marshal(v.Parameters)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO skill_item_versions (tenant_id, number, at, account_id, note, calibration_id, puts_back, synthetic, parameters) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		v.Number, clock.Micros(v.At), v.Account, v.Note, v.Calibration, v.PutsBack, v.Synthetic, string(parameters))
	return err
}

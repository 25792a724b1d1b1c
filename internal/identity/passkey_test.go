package identity

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"tekentafel/internal/access"
	"tekentafel/internal/db"
	"tekentafel/internal/db/dbtest"
	"tekentafel/internal/identity/passkey"
	"tekentafel/internal/identity/passkey/passkeytest"
)

// asked posts to an address that answers the script.
func (v *visitorAt) asked(path string) Asked {
	v.t.Helper()
	a := v.post(path).want(v.t, http.StatusOK)
	var out Asked
	if err := json.Unmarshal([]byte(a.body), &out); err != nil || out.Flow == "" {
		v.t.Fatalf("%s: %s", path, a.body)
	}
	return out
}

// makeKey makes a passkey for whoever is signed in.
func (v *visitorAt) makeKey(name string) *passkeytest.Device {
	v.t.Helper()
	d := passkeytest.New(v.t, v.gate.base)
	o := v.asked("/passkeys/options")
	v.post("/passkeys", "flow", o.Flow, "name", name, "answer", string(d.Create(v.t, o.PublicKey))).wantTo(v.t, "/me/security")
	return d
}

// useKey signs in with a passkey.
func (v *visitorAt) useKey(d *passkeytest.Device, slug string) answer {
	v.t.Helper()
	o := v.asked("/o/" + slug + "/passkeys/options")
	return v.post("/o/"+slug+"/passkeys/sign-in", "flow", o.Flow, "next", "/danger", "answer", string(d.Get(v.t, o.PublicKey)))
}

func TestAPasskeyIsMadeUsedNamedAndRemoved(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g := newGate(t, store, "localhost")
		an := g.addAccount(t, "An Peeters", "an@stad.example", access.HR)
		v := g.as(t, an)
		v.get("/me/security").want(t, http.StatusOK, "no passkey yet")
		v.get("/passkeys/new").want(t, http.StatusOK, `data-passkey="create"`, passkey.ScriptPath())
		phone, laptop := v.makeKey("Phone"), v.makeKey("")
		if string(phone.Handle) != string(laptop.Handle) || len(phone.Handle) != 32 || strings.Contains(string(phone.Handle), an.ID) {
			t.Error("a person has one handle, which says nothing about them")
		}
		w := g.visitor(t)
		w.get("/o/ours/sign-in").want(t, http.StatusOK, `data-passkey="get"`)
		w.useKey(phone, "ours").wantTo(t, "/danger")
		w.get("/").want(t, http.StatusOK, "home of An Peeters at ours: [hr]")
		list, err := g.passkeys.List(t.Context(), an)
		if err != nil || len(list) != 2 || list[0].Name != "Phone" || list[0].UsedAt.IsZero() || list[1].Name == "" || !list[1].UsedAt.IsZero() {
			t.Fatalf("%+v, %v", list, err)
		}
		one := "/passkeys/" + list[0].ID
		w.get(one).want(t, http.StatusOK, "Phone")
		w.post(one, "name", "").want(t, http.StatusUnprocessableEntity, "60")
		w.post(one, "name", "Old phone").wantTo(t, "/me/security")
		w.get(one+"/remove").want(t, http.StatusOK, "Old phone")
		w.post(one+"/remove").wantTo(t, "/me/security")
		g.visitor(t).useKey(phone, "ours").want(t, http.StatusForbidden, "do not know this passkey")
		w.post("/passkeys/"+list[1].ID+"/remove").want(t, http.StatusConflict, "last way")
		g.visitor(t).useKey(laptop, "ours").wantTo(t, "/danger")
		if g.logged(t, dbtest.Ours, "passkey.added") != 2 || g.logged(t, dbtest.Ours, "passkey.removed") != 1 {
			t.Error("the log does not tell")
		}
	})
}

func TestAPasskeyConfirmsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "localhost")
	an, bo := g.addAccount(t, "An", "an@stad.example"), g.addAccount(t, "Bo", "bo@stad.example")
	v, w := g.as(t, an), g.as(t, bo)
	mine, theirs := v.makeKey("A"), w.makeKey("B")
	o := v.asked("/passkeys/confirm/options")
	v.post("/passkeys/confirm", "flow", o.Flow, "answer", string(theirs.Get(t, o.PublicKey))).want(t, http.StatusForbidden)
	v.post("/passkeys/confirm", "flow", o.Flow, "answer", string(mine.Get(t, o.PublicKey))).want(t, http.StatusGone) // spent
	o = v.asked("/passkeys/confirm/options")
	w.post("/passkeys/confirm", "flow", o.Flow, "answer", string(mine.Get(t, o.PublicKey))).want(t, http.StatusGone) // another's
	o = v.asked("/passkeys/confirm/options")
	v.post("/passkeys/confirm", "flow", o.Flow, "next", "//evil.example", "answer", string(mine.Get(t, o.PublicKey))).wantTo(t, "/")
	o = v.asked("/passkeys/options")
	w.post("/passkeys", "flow", o.Flow, "name", "C", "answer", string(passkeytest.New(t, g.base).Create(t, o.PublicKey))).want(t, http.StatusGone)
	o = w.asked("/passkeys/options")
	w.post("/passkeys", "flow", o.Flow, "name", "C", "answer", string(mine.Create(t, o.PublicKey))).want(t, http.StatusConflict, "in use already")
	v.get("/passkeys/"+keyName(t, g, bo)).want(t, http.StatusNotFound)
	v.post("/passkeys/"+keyName(t, g, bo)+"/remove").want(t, http.StatusNotFound)
}

func keyName(t *testing.T, g *gate, a access.Actor) string {
	t.Helper()
	list, err := g.passkeys.List(t.Context(), a)
	if err != nil || len(list) == 0 {
		t.Fatalf("%v %v", list, err)
	}
	return list[0].ID
}

func TestAPasskeyThatDoesNotHoldLetsNobodyIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		g := newGate(t, store, "localhost")
		an := g.addAccount(t, "An", "an@stad.example")
		d := g.as(t, an).makeKey("A")
		v := g.visitor(t)
		o := v.asked("/o/ours/passkeys/options")
		answer := string(d.Get(t, o.PublicKey))
		v.post("/o/theirs/passkeys/sign-in", "flow", o.Flow, "answer", answer).want(t, http.StatusGone)
		v.post("/o/ours/passkeys/sign-in", "flow", o.Flow, "answer", answer).want(t, http.StatusGone) // a challenge works once
		v.useKey(d, "theirs").want(t, http.StatusForbidden)
		for _, bad := range []string{"", "{}", `{"id":"AA"}`, answer} {
			o := v.asked("/o/ours/passkeys/options")
			v.post("/o/ours/passkeys/sign-in", "flow", o.Flow, "answer", bad).want(t, http.StatusForbidden)
		}
		o = v.asked("/o/ours/passkeys/options")
		err := g.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
			_, err := sc.Exec(t.Context(), `UPDATE flows SET expires_at = 1 WHERE tenant_id = $1`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		v.post("/o/ours/passkeys/sign-in", "flow", o.Flow, "answer", string(d.Get(t, o.PublicKey))).want(t, http.StatusGone) // too late

		stolen := d.Copy()
		v.useKey(d, "ours").wantTo(t, "/danger")
		g.visitor(t).useKey(stolen, "ours").want(t, http.StatusForbidden, "copy")
		if g.logged(t, dbtest.Ours, "passkey.copy-suspected") != 1 {
			t.Error("the log does not tell of a copy")
		}
		if _, err := g.Block(t.Context(), g.admin, an.ID); err != nil {
			t.Fatal(err)
		}
		g.visitor(t).useKey(d, "ours").want(t, http.StatusForbidden)
		v.get("/").wantTo(t, "/sign-in")
	})
}

func TestMakingAPasskeyWantsAFreshProofAndHasAnEnd(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "localhost")
	an := g.addAccount(t, "An", "an@stad.example")
	v := g.as(t, an)
	for range maxPasskeys {
		v.makeKey("K")
	}
	v.post("/passkeys/options").want(t, http.StatusConflict, "20 passkeys")
	err := g.db.Write(t.Context(), dbtest.Ours, func(sc *db.Scope) error {
		_, err := sc.Exec(t.Context(), `UPDATE sessions SET confirmed_at = 1 WHERE tenant_id = $1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := v.post("/passkeys/options"); !strings.HasPrefix(a.to, "/confirm") {
		t.Errorf("%d to %q", a.status, a.to)
	}
	g.visitor(t).post("/passkeys/options").wantTo(t, "/sign-in")
}

func TestWherePasskeysCannotWorkTheyAreNotOffered(t *testing.T) {
	t.Parallel()
	g := newGate(t, dbtest.SQLite(t), "127.0.0.1")
	v := g.as(t, g.addAccount(t, "An", "an@stad.example"))
	for _, page := range []string{"/me/security", "/confirm"} {
		if a := v.get(page).want(t, http.StatusOK); strings.Contains(a.body, "passkey") {
			t.Errorf("%s offers passkeys", page)
		}
	}
	v.get("/passkeys/new").want(t, http.StatusConflict, "web address")
	if a := g.visitor(t).get("/o/ours/sign-in").want(t, http.StatusOK); strings.Contains(a.body, "data-passkey") {
		t.Error("the page to sign in offers passkeys")
	}
}

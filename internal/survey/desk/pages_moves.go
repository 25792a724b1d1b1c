package desk

import (
	"net/http"
	"strconv"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
	"tekentafel/internal/survey/wave"
	"tekentafel/internal/ui"
	"tekentafel/internal/web"
)

// askLaunch shows all that a launch locks, and what stands in its way.
func (d *Desk) askLaunch(w http.ResponseWriter, r *web.Request) error {
	return d.launchForm(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) launchForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	v, err := d.find(r)
	if err != nil {
		return err
	}
	if v.State.Launched() {
		return r.Redirect(w, "/waves/"+v.ID, nil)
	}
	ready, err := d.Waves.Ready(r.Context(), r.Actor, v.ID)
	if err != nil {
		return err
	}
	frame, err := wave.FrameOf(r.Context(), d.DB.Of(r.Actor.Tenant), v.ID)
	if err != nil {
		return err
	}
	p := page(r, &v, "launch.title")
	p.Status, p.Invalid, p.Lead = status, !form.OK(), in(r.Lang).say("launch.lead")
	return r.Show(w, p, launchPage(launchView{&v, frame, ready, form, in(r.Lang), r.Local}))
}

func (d *Desk) launch(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if form.Get("sure") != "yes" {
		wrong := &problem.Form{Bundle: locale()}
		wrong.Wrong("sure", "error.sure", nil)
		err = wrong.Err()
	} else {
		_, err = d.Waves.Launch(r.Context(), r.Actor, id, version(form), r.Asked(form, []any{"launch", id}))
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.launchForm(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, "/waves/"+id, r.Notice(noticeBundle, "notice.launched"))
}

// confirm asks on a page of its own whether somebody means a move.
func (d *Desk) confirm(w http.ResponseWriter, r *web.Request, move string, kind ui.Kind) error {
	v, err := d.find(r)
	if err != nil {
		return err
	}
	say := in(r.Lang)
	return r.Show(w, page(r, &v, move+".sure"), ui.ConfirmForm(ui.Confirm{
		ID: move, Title: say.say(move + ".sure"), Text: say.T(move+".text", i18n.Args{"title": v.Title}), Cancel: "/waves/" + v.ID,
		Form: ui.FormSpec{State: web.NewForm(), Action: "/waves/" + v.ID + "/" + move}, Do: ui.Action{Label: say.say(move + ".do"), Kind: kind},
	}))
}

func (d *Desk) askOpen(w http.ResponseWriter, r *web.Request) error {
	return d.confirm(w, r, "open", ui.Next)
}

func (d *Desk) askClose(w http.ResponseWriter, r *web.Request) error {
	return d.confirm(w, r, "close", ui.Danger)
}

func (d *Desk) askPublish(w http.ResponseWriter, r *web.Request) error {
	return d.confirm(w, r, "publish", ui.Next)
}

func (d *Desk) askDelete(w http.ResponseWriter, r *web.Request) error {
	return d.confirm(w, r, "delete", ui.Danger)
}

func (d *Desk) open(w http.ResponseWriter, r *web.Request) error {
	return d.moved(w, r, "notice.opened", d.Waves.OpenNow(r.Context(), r.Actor, r.PathValue("id")))
}

func (d *Desk) close(w http.ResponseWriter, r *web.Request) error {
	return d.moved(w, r, "notice.closed", d.Waves.CloseNow(r.Context(), r.Actor, r.PathValue("id")))
}

func (d *Desk) publish(w http.ResponseWriter, r *web.Request) error {
	return d.moved(w, r, "notice.published", d.Waves.Publish(r.Context(), r.Actor, r.PathValue("id")))
}

// moved leads back to the wave after a move, or tells why it was not made.
func (d *Desk) moved(w http.ResponseWriter, r *web.Request, notice string, err error) error {
	if err != nil {
		return err
	}
	return r.Redirect(w, "/waves/"+r.PathValue("id"), r.Notice(noticeBundle, notice))
}

func (d *Desk) delete(w http.ResponseWriter, r *web.Request) error {
	if err := d.Waves.Delete(r.Context(), r.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return r.Redirect(w, "/waves", r.Notice(noticeBundle, "notice.deleted"))
}

func (d *Desk) report(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	return d.moved(w, r, "notice.report", d.Waves.MakeReport(r.Context(), r.Actor, id, r.Asked(form, []any{"report", id})))
}

func (d *Desk) askExtend(w http.ResponseWriter, r *web.Request) error {
	return d.extendForm(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) extendForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	v, err := d.find(r)
	if err != nil {
		return err
	}
	p := page(r, &v, "extend.title")
	p.Status, p.Invalid, p.Lead = status, !form.OK(), in(r.Lang).say("extend.lead")
	return r.Show(w, p, extendPage(planView{&v, form, in(r.Lang), r.Local}))
}

func (d *Desk) extend(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	closes, ok := moment(r, d.Now(), form.Get("closes"), form.Get("closes-hour"))
	if !ok || closes.IsZero() {
		wrong := &problem.Form{Bundle: locale()}
		wrong.Wrong("closes", "error.moment", nil)
		err = wrong.Err()
	} else {
		err = d.Waves.Extend(r.Context(), r.Actor, r.PathValue("id"), closes)
	}
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.extendForm(w, r, http.StatusUnprocessableEntity, state)
	}
	return d.moved(w, r, "notice.extended", nil)
}

func (d *Desk) askAgain(w http.ResponseWriter, r *web.Request) error {
	return d.againForm(w, r, http.StatusOK, web.NewForm())
}

func (d *Desk) againForm(w http.ResponseWriter, r *web.Request, status int, form *ui.FormState) error {
	v, err := d.find(r)
	if err != nil {
		return err
	}
	p := page(r, &v, "again.title")
	p.Status, p.Invalid, p.Lead = status, !form.OK(), in(r.Lang).say("again.lead")
	return r.Show(w, p, againPage(&v, form, in(r.Lang)))
}

func (d *Desk) again(w http.ResponseWriter, r *web.Request) error {
	form, err := r.ReadForm()
	if err != nil {
		return err
	}
	id, title := r.PathValue("id"), form.Get("title")
	made, err := d.Waves.Copy(r.Context(), r.Actor, id, title, r.Asked(form, []any{"again", id, title}))
	if err != nil {
		state, err := r.Refill(form, err)
		if err != nil {
			return err
		}
		return d.againForm(w, r, http.StatusUnprocessableEntity, state)
	}
	return r.Redirect(w, "/waves/"+made.ID, r.Notice(noticeBundle, "notice.copied"))
}

// hiddenVersion is the field with the version that a form is made on.
func hiddenVersion(v *wave.Wave) []ui.NameValue {
	return []ui.NameValue{{Name: "version", Value: strconv.FormatInt(v.Version, 10)}}
}

package identity

import (
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/problem"
)

// Settings is what an organisation decides about signing in. The zero value is the safe default.
type Settings struct {
	SessionHours         int  `json:"sessionHours,omitempty" doc:"How long a session lasts at most, 1 to 24 hours; 12 when left out"`
	IdleMinutes          int  `json:"idleMinutes,omitempty" doc:"After how long without use a session ends, 5 to 480 minutes; 60 when left out"`
	SecondFactorOptional bool `json:"secondFactorOptional,omitempty" doc:"Administrators, HR and DPO may sign in with a password alone"`
	NoPassword           bool `json:"noPassword,omitempty" doc:"Nobody signs in with a password"`
	NoPIN                bool `json:"noPin,omitempty" doc:"Nobody signs in with a staff number and PIN"`
}

// The times of sessions where an organisation did not set them, and on shared devices.
const (
	defaultSession = 12 * time.Hour
	defaultIdle    = 60 * time.Minute
	sharedSession  = 60 * time.Minute
	sharedIdle     = 5 * time.Minute
)

func (c Settings) check(f *problem.Form) {
	if c.SessionHours != 0 && (c.SessionHours < 1 || c.SessionHours > 24) {
		f.Wrong("sessionHours", "field.session-hours", nil)
	}
	if c.IdleMinutes != 0 && (c.IdleMinutes < 5 || c.IdleMinutes > 480) {
		f.Wrong("idleMinutes", "field.idle-minutes", nil)
	}
}

// lifetimes returns how long a session lasts at most, and without use.
func (c Settings) lifetimes(shared bool) (absolute, idle time.Duration) {
	absolute, idle = defaultSession, defaultIdle
	if c.SessionHours > 0 {
		absolute = time.Duration(c.SessionHours) * time.Hour
	}
	if c.IdleMinutes > 0 {
		idle = time.Duration(c.IdleMinutes) * time.Minute
	}
	if shared {
		absolute, idle = min(absolute, sharedSession), min(idle, sharedIdle)
	}
	return absolute, idle
}

// wantsSecondFactor tells whether somebody with these roles must have a second factor beside a password or PIN.
func (c Settings) wantsSecondFactor(roles []access.Role) bool {
	if c.SecondFactorOptional {
		return false
	}
	for _, r := range roles {
		if r == access.Administrator || r == access.HR || r == access.DPO {
			return true
		}
	}
	return false
}

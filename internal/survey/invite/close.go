package invite

import (
	"context"
	"errors"

	"tekentafel/internal/db"
)

// Close empties what says who the people of a wave are: name, address, staff number, account, the last mail, and the hash
// of what they drew. That a person of a group took part or not stays until the margins and the list of ballots are made; then
// package closing takes it too. Mails that wait are not sent any more, and files to print are gone. It is called in the
// transaction that closes a wave.
func (s *Service) Close(ctx context.Context, tx *db.Scope, waveID string) error {
	if err := s.withdraw(ctx, tx, waveID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE wave_people SET name = '', mail = '', reference = '', account_id = '', mail_id = '', drawn = ''
WHERE tenant_id = $1 AND wave_id = $2`, waveID); err != nil {
		return err
	}
	return errors.Join(dropFrames(ctx, tx, waveID), dropFiles(ctx, tx, printType(waveID)))
}

// Clean takes everything about the people of a wave away, such as when it is deleted or its retention ends.
func (s *Service) Clean(ctx context.Context, tx *db.Scope, waveID string) error {
	if err := s.withdraw(ctx, tx, waveID); err != nil {
		return err
	}
	return errors.Join(deletePeople(ctx, tx, waveID), dropFrames(ctx, tx, waveID), dropFiles(ctx, tx, printType(waveID)))
}

// withdraw takes back the mails of a wave that were not sent, and forgets the addresses of those that came back.
func (s *Service) withdraw(ctx context.Context, tx *db.Scope, waveID string) error {
	unsent := map[string]bool{}
	for _, k := range Kinds() {
		ids, err := s.Mail.Unsent(ctx, tx.Reader, k.Name)
		if err != nil {
			return err
		}
		for _, id := range ids {
			unsent[id] = true
		}
	}
	if len(unsent) == 0 {
		return nil
	}
	var mails []string
	err := tx.Rows(ctx, `SELECT mail_id FROM wave_people WHERE tenant_id = $1 AND wave_id = $2 AND mail_id <> ''`, func(scan func(...any) error) error {
		var mail string
		err := scan(&mail)
		if unsent[mail] {
			mails = append(mails, mail)
		}
		return err
	}, waveID)
	if err != nil {
		return err
	}
	for _, mail := range mails {
		if err := s.Mail.Withdraw(ctx, tx, mail); err != nil {
			return err
		}
	}
	return nil
}

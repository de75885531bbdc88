# Settings of nightly.ps1: a copy in C:\ProgramData\secshare, written by administrators alone.
# With an accent in it, save it as UTF-8 with a byte order mark: PowerShell 5.1 needs the mark.
@{
    # The practice is named, never searched for. It belongs to the account that runs this.
    Practice = 'D:\secshare\cabinet'
    # What the other software writes each evening, with its documents beside it. With an account
    # that has no password on the network (S4U), both stand on this machine's own drives.
    Manifest = 'D:\export\resultats.csv'
    # Reports, the log, the lock, and which manifest was which night's.
    State    = 'D:\secshare\nightly'
    Secshare = 'C:\Program Files\secshare\Scripts\secshare.exe'
    # Options of `secshare batch`, such as '--drafts' or '--jobs', '2'.
    Options  = @()

    To       = 'informatique@cabinet.example'
    From     = 'secshare@cabinet.example'
    # A relay with STARTTLS that takes mail from this machine, or from this Windows account.
    SmtpHost = 'smtp.cabinet.example'
    SmtpPort = 587
    SmtpAsThisAccount = $false
    # $true: no mail when all went well. Then a dead machine looks like a quiet night.
    Quiet    = $false
}

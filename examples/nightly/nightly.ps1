<#
.SYNOPSIS
One night without anybody: seal what the manifest lists, then mail how it went, in numbers only.

.DESCRIPTION
For Windows PowerShell 5.1 and PowerShell 7. It does what nightly.sh does; meanings.txt stands beside
it. It ends with the status of secshare, or:

  65  the manifest is the one of another night: the export was not made again
  75  another night is still running, or the mail could not be handed over

.PARAMETER Settings
A copy of nightly.psd1. It is read as data: nothing in it is run.

.PARAMETER Run
Goes on with the run of another night, such as nuit-2026-11-22. Without it, the run is named after
today: started again today, it goes on.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)][string] $Settings,
    [string] $Run = ''
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
$named = $Run -ne ''

function Write-Line([string] $Path, [string] $Line) {
    [System.IO.File]::AppendAllText($Path, $Line + "`r`n", $utf8)
}

# --- the mail -------------------------------------------------------------------------------------

# What a status means, from the file that both scripts read.
function Get-Meaning([int] $Status) {
    $lines = [System.IO.File]::ReadAllLines((Join-Path $PSScriptRoot 'meanings.txt'), $utf8)
    foreach ($wanted in @("$Status|", 'other|')) {
        foreach ($line in $lines) {
            if ($line.StartsWith($wanted, [System.StringComparison]::Ordinal)) {
                $parts = $line.Split('|')
                return @{ Urgency = $parts[1]; French = $parts[2]; English = $parts[3] }
            }
        }
    }
    throw 'meanings.txt is not the file that came with this script'
}

# The last line of a report is the summary of the command that wrote it: of this one, if it ended with
# the same status. Of it only pairs of a plain word and a number pass: whatever text a summary may
# come to hold, none of it is mailed.
function Get-Numbers([string] $Report, [int] $Status) {
    if ($Report -eq '' -or -not [System.IO.File]::Exists($Report)) { return }
    $last = ''
    foreach ($line in [System.IO.File]::ReadLines($Report, $utf8)) { $last = $line }
    if (-not ($last.Contains('"summary":') -and $last.Contains("`"code`": $Status,"))) { return }
    $counts = ($last -split '"stages"')[0]
    foreach ($found in [regex]::Matches($counts, '"([a-z_0-9]+)": ([0-9]+(\.[0-9]+)?)')) {
        $name = $found.Groups[1].Value
        if ($name -eq 'code') { continue }
        if ($name -match '^[0-9]+$') { $name = "failed with $name" }
        '{0}: {1}' -f $name, $found.Groups[2].Value
    }
}

# Throws where the mail cannot be handed over.
function Send-Night([hashtable] $Config, [string] $Name, [int] $Status, [string] $Report, [string] $Log) {
    $meaning = Get-Meaning $Status
    if ($meaning.Urgency -eq 'quiet' -and $Config.Quiet) { return }
    $lines = @($meaning.French, $meaning.English, '', "run: $Name", "status: $Status")
    if ($Report -ne '') { $lines += "report: $Report" }
    $lines += @(Get-Numbers $Report $Status)
    # The journal's head. Kept in another machine's mailbox, it shows a journal that was cut or
    # written anew: secshare journal verify --expect HEAD.
    if ([System.IO.File]::Exists($Config.Secshare)) {
        $asked = Invoke-Secshare $Config.Secshare @('journal', 'head', '--practice', $Config.Practice) $Log
        $head = $asked.Result.Trim()
        if ($head -match '^[0-9]+-[0-9a-f]+$') { $lines += "journal: $head" }
    }

    $mail = New-Object System.Net.Mail.MailMessage $Config.From, $Config.To
    $client = New-Object System.Net.Mail.SmtpClient $Config.SmtpHost, $Config.SmtpPort
    try {
        $mail.Subject = "secshare ${Name}: $Status"
        if ($meaning.Urgency -eq 'urgent') {
            $mail.Subject = 'URGENT ' + $mail.Subject
            $mail.Priority = [System.Net.Mail.MailPriority]::High
        }
        $mail.Body = $lines -join "`r`n"
        $mail.BodyEncoding = $utf8
        $mail.Headers.Add('Auto-Submitted', 'auto-generated')
        # STARTTLS, the server's certificate checked by Windows. This client knows no TLS from the
        # first byte (port 465), and no password is kept: docs/nightly.md says why.
        $client.EnableSsl = $true
        $client.UseDefaultCredentials = [bool] $Config.SmtpAsThisAccount
        $client.Timeout = 120000
        $client.Send($mail)
    }
    finally {
        $client.Dispose()
        $mail.Dispose()
    }
}

# --- the command ----------------------------------------------------------------------------------

# One argument as programs of Windows take command lines apart: a quote, and the backslashes before
# it or before the closing one, are doubled up. PowerShell 5.1 does not do it.
function Format-Argument([string] $Text) {
    $escaped = [regex]::Replace($Text, '(\\*)"', '$1$1\"')
    return '"' + [regex]::Replace($escaped, '(\\+)$', '$1$1') + '"'
}

# Return the exit status and the result. What secshare says besides goes to the log as it is.
function Invoke-Secshare([string] $Program, [string[]] $Arguments, [string] $Log) {
    $start = New-Object System.Diagnostics.ProcessStartInfo
    $start.FileName = $Program
    $start.Arguments = ($Arguments | ForEach-Object { Format-Argument $_ }) -join ' '
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $utf8
    $start.StandardErrorEncoding = $utf8
    $process = [System.Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $result = $process.StandardOutput.ReadToEndAsync()
    while ($null -ne ($line = $process.StandardError.ReadLine())) {
        Write-Line $Log $line
    }
    $text = $result.Result
    $process.WaitForExit()
    return @{ Status = $process.ExitCode; Result = $text }
}

# --- the night ------------------------------------------------------------------------------------

# Say whether the manifest was seen in another run, and remember it in this one. Then the export was
# not made again, and under tonight's name everything in it would be sealed a second time.
function Test-SeenElsewhere([string] $Manifest, [string] $Seen, [string] $Name) {
    $digest = (Get-FileHash -LiteralPath $Manifest -Algorithm SHA256).Hash.ToLowerInvariant()
    $known = @()
    if ([System.IO.File]::Exists($Seen)) {
        $known = @([System.IO.File]::ReadAllLines($Seen, $utf8) | Where-Object { $_ -like "$digest *" })
    }
    $elsewhere = @($known | Where-Object { $_ -cne "$digest $Name" }).Count -gt 0
    if (-not $elsewhere -and $known.Count -eq 0) {
        Write-Line $Seen "$digest $Name"
    }
    return $elsewhere
}

$config = @{ Secshare = 'secshare.exe'; Options = @(); SmtpPort = 587; SmtpAsThisAccount = $false; Quiet = $false }
foreach ($entry in (Import-PowerShellDataFile -LiteralPath $Settings).GetEnumerator()) {
    $config[$entry.Key] = $entry.Value
}
foreach ($needed in 'Practice', 'Manifest', 'State', 'To', 'From', 'SmtpHost') {
    if (-not $config.ContainsKey($needed)) { throw "$Settings lacks $needed" }
}
[void] [System.IO.Directory]::CreateDirectory($config.State)
$log = Join-Path $config.State 'nightly.log'
if (-not $named) {
    $Run = 'nuit-' + (Get-Date).ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
}
$report = ''
$status = 0

$lock = $null
try {
    try {
        # Nobody else opens it while it is open, and Windows closes it however this ends.
        $lock = [System.IO.File]::Open((Join-Path $config.State 'lock'), 'OpenOrCreate', 'ReadWrite', 'None')
    }
    catch [System.IO.IOException] {
        $status = 75
    }
    if ($status -eq 0 -and [System.IO.File]::Exists($config.Manifest)) {
        $seen = Test-SeenElsewhere $config.Manifest (Join-Path $config.State 'manifests') $Run
        if ($seen -and -not $named) { $status = 65 }  # a run that a person names is theirs to know
    }
    if ($status -eq 0) {
        $report = Join-Path $config.State "$Run.jsonl"  # a run that goes on adds to its own
        $arguments = @('batch', $config.Manifest, '--practice', $config.Practice, '--run', $Run)
        $arguments += @('--report', $report, '--yes') + @($config.Options)
        $status = (Invoke-Secshare $config.Secshare $arguments $log).Status
    }
}
catch {
    # A manifest that a spreadsheet still has open, a program that is not there: it is mailed too.
    Write-Line $log "the night could not be run ($($_.Exception.GetType().Name))"
    $status = 1
}
try {
    Send-Night $config $Run $status $report $log
}
catch {
    Write-Line $log "the mail could not be handed over ($($_.Exception.GetType().Name)); status $status"
    if ($status -eq 0 -or $status -eq 60) { $status = 75 }
}
if ($null -ne $lock) { $lock.Dispose() }
exit $status

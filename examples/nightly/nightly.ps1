<#
.SYNOPSIS
One night without anybody: seal what the manifest lists, then mail how it went, in numbers only.

.DESCRIPTION
For Windows PowerShell 5.1 and PowerShell 7. It does what nightly.sh does; meanings.txt stands beside
it. It ends with the status of secshare, or:

  65  the manifest is the one of another night, or of another run than the named one
  75  another night is still running, the manifest changed during this one, or the mail could not be
      handed over

.PARAMETER Settings
A copy of nightly.psd1. It is read as data: nothing in it is run.

.PARAMETER Run
Goes on with the run of another night, such as nuit-2026-11-22. Without it, the run is named after
today: started again today, it goes on.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)][string] $Settings,
    # A slip of the hand would be a new run; and the run stands in the mail, which names nobody.
    [ValidatePattern('^(nuit-[0-9]{4}-[0-9]{2}-[0-9]{2})?\z')][string] $Run = ''
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false

function Write-Line([string] $Path, [string] $Line) {
    [System.IO.File]::AppendAllText($Path, $Line + "`r`n", $utf8)
}

# --- the mail -------------------------------------------------------------------------------------

# What a status or a word means, from the file that both scripts read.
function Get-Meaning([string] $Word) {
    $lines = [System.IO.File]::ReadAllLines((Join-Path $PSScriptRoot 'meanings.txt'), $utf8)
    foreach ($wanted in @("$Word|", 'other|')) {
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
# the same status. What stands in it before its stages is told.
function Get-Summary([string] $Report, [int] $Status) {
    if ($Report -eq '') { return '' }
    $last = ''
    foreach ($line in [System.IO.File]::ReadLines($Report, $utf8)) { $last = $line }
    if (-not ($last.Contains('"summary":') -and $last.Contains("`"code`": $Status,"))) { return '' }
    return ($last -split '"stages"')[0]
}

# 0 where the summary has no such number, as that of an older secshare.
function Get-Count([string] $Summary, [string] $Name) {
    $found = [regex]::Match($Summary, "`"$Name`": ([0-9]+)")
    if ($found.Success) { return [long] $found.Groups[1].Value }
    return 0
}

# Of a summary only pairs of a plain word and a number pass: whatever text it may come to hold, none of
# it is mailed.
function Get-Numbers([string] $Summary) {
    foreach ($found in [regex]::Matches($Summary, '"([a-z_0-9]+)": ([0-9]+(\.[0-9]+)?)')) {
        $name = $found.Groups[1].Value
        if ($name -eq 'code') { continue }
        if ($name -match '^[0-9]+$') { $name = "failed with $name" }
        '{0}: {1}' -f $name, $found.Groups[2].Value
    }
}

# A try that is forgotten in the settings would look like a night on which all went well.
function Test-DryRun([string] $Report) {
    $header = ''
    foreach ($line in [System.IO.File]::ReadLines($Report, $utf8)) {
        if ($line.StartsWith('{"report":', [System.StringComparison]::Ordinal)) { $header = $line }
    }
    return $header.Contains('"dry_run": true')
}

# Throws where the mail cannot be handed over.
function Send-Night(
    [hashtable] $Config, [string] $Name, [int] $Status, [string] $Report, [bool] $Changed, [string] $Log
) {
    $word = "$Status"
    $summary = Get-Summary $Report $Status
    $former = Get-Count $summary 'former'
    $differing = Get-Count $summary 'differing'
    if ($Report -ne '') {
        # So would a night that left shares in the outbox which nobody asks for any more, or one of two
        # that may be for a wrong address.
        if ($Status -in 0, 60) {
            if (Test-DryRun $Report) { $word = 'dry-run' }
            elseif ($Changed) { $word = 'changed' }
            elseif ($former -gt 0) { $word = 'former' }
            elseif ($differing -gt 0) { $word = 'doubled' }
        }
        if ($Status -in 3, 15) { $word = 'other' }  # they mean that nothing was begun, and it was
    }
    $meaning = Get-Meaning $word
    if ($meaning.Urgency -eq 'quiet' -and $Config.Quiet) { return }
    $lines = @()
    $first = $meaning
    $counted = @('former', 'doubled') -ccontains $word  # it comes below, with its number
    if ($counted) { $first = Get-Meaning "$Status" }
    if (-not $counted -or $Status -ne 0) { $lines += @($first.French, $first.English) }
    if ($Changed -and $word -ne 'changed') {
        $said = Get-Meaning 'changed'
        $lines += @($said.French, $said.English)
    }
    if ($former -gt 0) {
        $said = Get-Meaning 'former'
        $lines += @("$($said.French) $former", "$($said.English) $former")
    }
    if ($differing -gt 0) {
        $said = Get-Meaning 'doubled'
        $lines += @("$($said.French) $differing", "$($said.English) $differing")
    }
    if ($word -eq 'other') { $word = "$Status" }
    # What an earlier start of the night sealed stands, though this one may not have come to it.
    $standing = Get-Count $summary 'standing'
    if ($standing -gt (Get-Count $summary 'prepared') + (Get-Count $summary 'already') + $former) {
        $said = Get-Meaning 'standing'
        $lines += @("$($said.French) $standing", "$($said.English) $standing")
    }
    $lines += @('', "run: $Name", "status: $Status")
    if ($Report -ne '') { $lines += "report: $Report" }
    $lines += @(Get-Numbers $summary)
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
        $mail.Subject = "secshare ${Name}: $word"
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
    try {
        $process = [System.Diagnostics.Process]::Start($start)
    }
    catch [System.ComponentModel.Win32Exception] {
        Write-Line $Log 'secshare could not be started'
        return @{ Status = 127; Result = '' }
    }
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

# Each line of the file $Seen is a manifest, by its digest, and a run that sealed of it, or may have.
function Get-Seen([string] $Seen) {
    if ([System.IO.File]::Exists($Seen)) { return [System.IO.File]::ReadAllLines($Seen, $utf8) }
}

# The lines of a manifest.
function Get-SeenOf([string] $Digest, [string] $Seen) {
    Get-Seen $Seen | Where-Object { $_.StartsWith("$Digest ", [System.StringComparison]::Ordinal) }
}

# Say whether the manifest is another run's, and not this one's. Then the export was not made again, or a
# person gave the wrong name: everything in it would be sealed a second time.
function Test-SeenElsewhere([string] $Digest, [string] $Name, [string] $Seen) {
    $known = @(Get-SeenOf $Digest $Seen)
    return ($known.Count -gt 0 -and $known -cnotcontains "$Digest $Name")
}

# Say whether the run may have sealed something. Nothing did that wrote no report, nor that sums up to
# nothing; a command that was killed says neither.
function Test-MayHaveSealed([string] $Name, [string] $Seen, [string] $Report, [int] $Status) {
    if (@(Get-Seen $Seen | Where-Object { ($_ -split ' ', 2)[1] -ceq $Name }).Count -gt 1) { return $true }
    if ($Report -eq '') { return $false }
    $summary = Get-Summary $Report $Status
    if ($summary -eq '') { return $true }
    foreach ($each in 'prepared', 'already', 'standing') {
        if ((Get-Count $summary $each) -ne 0) { return $true }
    }
    return $false
}

# What tells a report from the one that an earlier start left, and a manifest from another. Nothing where
# there is no such file.
function Get-Digest([string] $Path) {
    if (-not [System.IO.File]::Exists($Path)) { return '' }
    return (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant()
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
if ($Run -eq '') {
    $Run = 'nuit-' + (Get-Date).ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
}
$report = ''
$changed = $false
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
    $seen = Join-Path $config.State 'manifests'
    $manifest = ''
    if ($status -eq 0) {
        $manifest = Get-Digest $config.Manifest
        if ($manifest -ne '' -and (Test-SeenElsewhere $manifest $Run $seen)) { $status = 65 }
    }
    if ($status -eq 0) {
        # Before the command, for a power cut; taken back where it is known to have sealed nothing.
        $line = ''
        if ($manifest -ne '' -and @(Get-Seen $seen) -cnotcontains "$manifest $Run") {
            $line = "$manifest $Run"
            Write-Line $seen $line
        }
        $grown = Join-Path $config.State "$Run.jsonl"  # a run that goes on adds to its own
        $before = Get-Digest $grown
        $arguments = @('batch', $config.Manifest, '--practice', $config.Practice, '--run', $Run)
        $arguments += @('--report', $grown, '--yes') + @($config.Options)
        $status = (Invoke-Secshare $config.Secshare $arguments $log).Status
        if ((Get-Digest $grown) -cne $before) { $report = $grown }  # else it is an earlier start's
        # An export that was still being written, or came late. Started again, this run seals the rest of
        # it; another night's run would seal all of it, also what this one may have sealed.
        $after = ''
        try { $after = Get-Digest $config.Manifest }
        catch { Write-Line $log 'the manifest could not be read again' }
        $changed = $after -cne $manifest
        if (Test-MayHaveSealed $Run $seen $report $status) {
            if ($after -ne '' -and @(Get-SeenOf $after $seen).Count -eq 0) { Write-Line $seen "$after $Run" }
        }
        elseif ($line -ne '') {
            $others = @(Get-Seen $seen | Where-Object { $_ -cne $line })
            [System.IO.File]::WriteAllLines("$seen.new", [string[]] $others, $utf8)
            [System.IO.File]::Replace("$seen.new", $seen, [NullString]::Value)
        }
    }
}
catch {
    # A manifest that a spreadsheet still has open, a program that is not there: it is mailed too.
    Write-Line $log "the night could not be run ($($_.Exception.GetType().Name))"
    $status = 1
}
try {
    Send-Night $config $Run $status $report $changed $log
    $again = $changed
}
catch {
    Write-Line $log "the mail could not be handed over ($($_.Exception.GetType().Name)); status $status"
    $again = $true
}
if ($again -and ($status -eq 0 -or $status -eq 60)) { $status = 75 }
if ($null -ne $lock) { $lock.Dispose() }
exit $status

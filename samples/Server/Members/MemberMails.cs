using System.Text.Json;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Mails codes and invitations, and tries again where the mail server does not take them. Thread-safe singleton.</summary>
sealed partial class MemberMails(
    IRecordStore records, MemberOutbox outbox, MemberBook book, SignInCodes codes, OneTimeLinks links, IEnumerable<INotifier> notifiers, IOptions<ServerOptions> server, IOptions<PagesOptions> pages,
    TimeProvider time, ILogger<MemberMails> logger)
{
    const int MostForCode = 4, MostForLink = 16; // attempts: within the life of a code; within a day

    static readonly TimeSpan s_visibility = TimeSpan.FromMinutes(2), s_rest = TimeSpan.FromSeconds(30), s_longestRest = TimeSpan.FromHours(2);

    /// <summary>Sends one mail that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await outbox.Queue.ClaimAsync(s_visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var work = item.Payload.Deserialize(MemberJson.Default.MailWork)!;
        var notification = work.Code is { } mail ? await CodeAsync(mail, item.Id, cancellationToken) : await InvitationAsync(work.Link!, cancellationToken);
        var (batch, hasWaited) = (new RecordBatch(), notification is not null && await TellAsync(notification, cancellationToken) == NotifyOutcome.Wait);
        if (hasWaited && item.Attempts < (work.Code is null ? MostForLink : MostForCode))
        {
            item.Retry(batch, time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(s_longestRest.Ticks, s_rest.Ticks << Math.Min(item.Attempts - 1, 10))));
        }
        else
        {
            if (hasWaited)
            {
                GivenUp(logger, notification!.Key, item.Attempts);
            }

            item.Complete(batch);
        }

        await records.CommitAsync(batch, cancellationToken);
        return true;
    }

    /// <summary>A code is made whether somebody has the address or not; so a guess at it is the same work, too.</summary>
    async Task<Notification?> CodeAsync(string mail, string id, CancellationToken cancellationToken)
    {
        var (member, code) = (await book.FindAsync(mail, cancellationToken), await codes.MintAsync(mail, cancellationToken));
        return code is null || member is not { Disabled: null } ? null : new()
        {
            Key = $"sign-in-{id[..16]}-{time.GetUtcNow().ToUnixTimeMilliseconds()}", Person = member.Id, Address = mail, Title = $"Your code for {pages.Value.ProductName}",
            Text = $"Hello {member.Name},\r\n\r\nyour code is {code}\r\n\r\nIt is good once, and for {SignInCodes.Life.TotalMinutes:0} minutes. Enter it at {server.Value.PublicAddress} alone, and tell it to nobody.\r\nIf you did not ask for it, somebody else typed in your address: leave it be.\r\n",
        };
    }

    async Task<Notification?> InvitationAsync(string id, CancellationToken cancellationToken) => await links.MintAsync(id, cancellationToken) is not (var mail, var address) ? null : new()
    {
        Key = $"invitation-{id}-{time.GetUtcNow().ToUnixTimeMilliseconds()}", Address = mail, Title = $"You are invited to {pages.Value.ProductName}",
        Text = $"Hello,\r\n\r\nyou are invited to {pages.Value.ProductName} at {server.Value.PublicAddress}\r\n\r\nTo join, open this address, which is good once and for seven days:\r\n\r\n{address.AbsoluteUri}\r\n\r\nIf you do not know what this is about, leave it be.\r\n",
    };

    async Task<NotifyOutcome> TellAsync(Notification notification, CancellationToken cancellationToken)
    {
        var outcomes = new List<NotifyOutcome>();
        foreach (var notifier in notifiers)
        {
            try
            {
                outcomes.Add(await notifier.NotifyAsync(notification, cancellationToken));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Failed(logger, notification.Key, e);
                outcomes.Add(NotifyOutcome.Wait);
            }
        }

        return outcomes.Contains(NotifyOutcome.Sent) ? NotifyOutcome.Sent : outcomes.Contains(NotifyOutcome.Wait) ? NotifyOutcome.Wait : NotifyOutcome.Refused;
    }

    [LoggerMessage(1, LogLevel.Warning, "The mail {Key} failed; it is tried again")]
    static partial void Failed(ILogger logger, string key, Exception error);

    [LoggerMessage(2, LogLevel.Error, "The mail {Key} did not go out in {Attempts} attempts, and is given up: is the mail server of the settings right?")]
    static partial void GivenUp(ILogger logger, string key, int attempts);
}

/// <summary>The background work of mails to members.</summary>
sealed class MemberWork(MemberMails mails, MemberOutbox outbox, IRecordWatch watch, TimeProvider time, ILogger<MemberWork> logger) : WorkLoop(watch, time, logger)
{
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } = [(outbox.Queue, 2, mails.RunOnceAsync)];
}

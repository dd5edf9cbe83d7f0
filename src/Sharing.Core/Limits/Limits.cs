using System.Globalization;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Holds people to what they may do, at every door by the same meter. Thread-safe singleton.</summary>
public sealed class Limits(UsageMeter meter, IPeople people, IOptions<LimitOptions> options)
{
    static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>Adds to a batch what counts for a person; nothing where nothing is counted.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when he did the same elsewhere meanwhile: call again with a new batch.</param>
    /// <param name="actor">Who.</param>
    /// <param name="door">What he does.</param>
    /// <param name="amount">How often.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.LimitReached"/>: it is more than he may now; the message says the limit, and when he may.</exception>
    public async ValueTask SpendAsync(RecordBatch batch, PersonId actor, LimitedDoor door, int amount = 1, CancellationToken cancellationToken = default)
    {
        if (amount == 0 || (await OfAsync(actor, cancellationToken)).Of(door) is not { } limit
            || await meter.TakeAsync(batch, RelationshipStore.KeyPart(actor), NameOf(door), amount, limit, limit, s_day, cancellationToken) is not { } wait)
        {
            return;
        }

        var what = door switch
        {
            LimitedDoor.Posts => "posts",
            LimitedDoor.Comments => "comments",
            LimitedDoor.Fetches => "resources can be fetched for you",
            LimitedDoor.MailsToStrangers => "mails to addresses that you typed in",
            _ => "receivers of messages",
        };
        throw new SharingException(
            ProblemCodes.LimitReached,
            string.Create(CultureInfo.InvariantCulture, $"{limit:N0} {what} a day: that is the limit. {(wait == TimeSpan.MaxValue ? "So many at once never fit." : $"Come again in {UsageMeter.Say(wait)}.")}"))
        {
            RetryAfter = wait == TimeSpan.MaxValue ? null : wait,
        };
    }

    /// <summary>How many bytes a person's uploads may take, where a limit says so.</summary>
    internal async ValueTask<long?> BytesAsync(PersonId person, CancellationToken cancellationToken) => (await OfAsync(person, cancellationToken)).BytesPerPerson;

    async ValueTask<PersonLimits> OfAsync(PersonId person, CancellationToken cancellationToken) =>
        options.Value.Tiers.Count > 0 && (await people.FindAsync([person], cancellationToken)).GetValueOrDefault(person)?.Tier is { } tier && options.Value.Tiers.TryGetValue(tier, out var own)
            ? own : options.Value;

    static string NameOf(LimitedDoor door) => door switch
    {
        LimitedDoor.Posts => "posts",
        LimitedDoor.Comments => "comments",
        LimitedDoor.Fetches => "fetches",
        LimitedDoor.MailsToStrangers => "mails-to-strangers",
        _ => "messages",
    };
}

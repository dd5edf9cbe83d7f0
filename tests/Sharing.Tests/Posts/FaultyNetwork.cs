using System.Collections.Concurrent;

namespace Sharing.Tests.Posts;

/// <summary>What a network does with the next request.</summary>
enum Fault
{
    /// <summary>It takes it and says so.</summary>
    None,

    /// <summary>The connection breaks before it has stored anything.</summary>
    LostBefore,

    /// <summary>It stores it, and the reply is lost.</summary>
    LostAfter,

    /// <summary>It answers nothing until the request is given up.</summary>
    Hangs,
}

/// <summary>A network in memory that fails on command. It behaves as its retry safety says: a repeat that is not safe posts twice.</summary>
class FaultyNetwork(RetrySafety retry, TimeProvider time) : ISocialPublisher
{
    readonly ConcurrentQueue<Func<Post, PublishOutcome?>> _answers = new();
    readonly ConcurrentQueue<Fault> _faults = new();
    readonly Dictionary<string, (int Index, DateTimeOffset At)> _keys = new(StringComparer.Ordinal);
    readonly Lock _lock = new();

    public PublisherTraits Traits { get; set; } = new()
    {
        Network = "faulty",
        Retry = retry,
        Audiences = [AudienceKind.Everyone, AudienceKind.Friends],
        KeyWindow = TimeSpan.FromHours(1),
    };

    /// <summary>All that people see, also twice.</summary>
    public List<Post> Shown { get; } = [];

    public int Calls { get; private set; }

    public int Looks { get; private set; }

    /// <summary>How many calls have ended, also those that nobody waits for any more.</summary>
    public int Ended { get; private set; }

    public Func<Account, bool> Knows { get; set; } = _ => true;

    /// <summary>Called before anything happens to a request.</summary>
    public Func<Post, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Thrown out of the next looks.</summary>
    public int LooksThatFail { get; set; }

    public FaultyNetwork Answers(Func<PublishOutcome> outcome)
    {
        _answers.Enqueue(_ => outcome());
        _faults.Enqueue(Fault.None);
        return this;
    }

    public FaultyNetwork Fails(Fault fault)
    {
        _answers.Enqueue(_ => null);
        _faults.Enqueue(fault);
        return this;
    }

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        Calls++;
        try
        {
            return await AnswerAsync(post, account, cancellationToken);
        }
        finally
        {
            Ended++;
        }
    }

    async Task<PublishOutcome> AnswerAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        await Before(post, cancellationToken);
        if (!Knows(account))
        {
            return PublishOutcome.NeedsLogin();
        }

        var fault = _faults.TryDequeue(out var next) ? next : Fault.None;
        if (_answers.TryDequeue(out var answer) && answer(post) is { } told)
        {
            return told;
        }

        if (fault == Fault.Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        if (fault == Fault.LostBefore)
        {
            throw new HttpRequestException("The connection broke.");
        }

        var id = Store(post);
        return fault == Fault.LostAfter ? throw new HttpRequestException("The reply was lost.") : PublishOutcome.Sent(id);
    }

    protected PublishOutcome? Find(string key)
    {
        Looks++;
        if (LooksThatFail-- > 0)
        {
            throw new HttpRequestException("The look failed.");
        }

        lock (_lock)
        {
            var index = Shown.FindIndex(post => post.Key == key);
            return index < 0 ? null : PublishOutcome.Sent($"remote-{index}");
        }
    }

    string Store(Post post)
    {
        lock (_lock)
        {
            var remembers = retry != RetrySafety.LookFirst && _keys.TryGetValue(post.Key, out var known)
                && (retry == RetrySafety.ClientChosenId || time.GetUtcNow() - known.At < Traits.KeyWindow);
            if (remembers || (Traits.CanUpdate && _keys.ContainsKey(post.Key)))
            {
                var index = _keys[post.Key].Index;
                if (Traits.CanUpdate && post.Revision > Shown[index].Revision)
                {
                    Shown[index] = post;
                }

                return $"remote-{index}";
            }

            Shown.Add(post);
            _keys[post.Key] = (Shown.Count - 1, time.GetUtcNow());
            return $"remote-{Shown.Count - 1}";
        }
    }
}

/// <summary>The same with an ability to look.</summary>
sealed class SearchableNetwork(RetrySafety retry, TimeProvider time) : FaultyNetwork(retry, time), IPostLookup
{
    public Task<PublishOutcome?> FindAsync(Post post, Account account, CancellationToken cancellationToken) => Task.Run(() => Find(post.Key), cancellationToken);
}

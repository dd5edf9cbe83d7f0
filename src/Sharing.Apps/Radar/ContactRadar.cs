using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The radar of a server: books in the records, and an index of them in memory, read when it is first asked. Each answer knows what was registered before, at whichever host. Thread-safe singleton.</summary>
public sealed class ContactRadar : IContactRadar, IFoundRelationships, IDisposable
{
    readonly RadarKeys _keys;
    readonly RadarBooks _books;
    readonly ContactBudget _budget;
    readonly IOwnContacts _own;
    readonly IFriendRule _rule;
    readonly RadarOptions _options;
    readonly ContactIndex _index;
    readonly RadarPeople _people = new();
    readonly SemaphoreSlim _changing = new(1, 1);
    readonly DeclaredRelationships _declared;
    Task? _read;
    long _seen;

    internal ContactRadar(RadarKeys keys, RadarBooks books, ContactBudget budget, IOwnContacts own, IFriendRule rule, IOptions<RadarOptions> options, DeclaredRelationships declared)
    {
        (_keys, _books, _budget, _own, _rule, _options, _declared) = (keys, books, budget, own, rule, options.Value, declared);
        _index = new(_options.MostHolders);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<byte[]>> EvaluateAsync(PersonId actor, IReadOnlyList<byte[]> points, CancellationToken cancellationToken = default)
    {
        if (points.Count is 0 or > RadarOptions.MostAtOnce || points.Any(static point => point.Length != BlindContacts.PointSize))
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"1 to {RadarOptions.MostAtOnce} points of {BlindContacts.PointSize} bytes.");
        }

        await _budget.SpendAsync(actor, points.Count, cancellationToken);
        var answers = new byte[points.Count][];
        await Parallel.ForAsync(0, answers.Length, cancellationToken, (i, _) =>
        {
            answers[i] = P256.Multiply(points[i], _keys.Evaluating);
            return default;
        });
        return answers;
    }

    /// <inheritdoc/>
    public async Task RegisterAsync(PersonId actor, IReadOnlyList<byte[]> tokens, CancellationToken cancellationToken = default)
    {
        if (tokens.Count > _options.MostContacts || tokens.Any(static token => token.Length != BlindContacts.TokenSize))
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"At most {_options.MostContacts} tokens of {BlindContacts.TokenSize} bytes.");
        }

        ulong[] kept = [.. tokens.Select(token => _keys.Kept(token)).Distinct()];
        ulong[] own = [.. (await _own.OfAsync(actor, cancellationToken)).Select(contact => _keys.Kept(BlindContacts.TokenOf(contact, _keys.Evaluating)))];
        await ChangeAsync(() => _books.PutAsync(actor, kept, own, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task WithdrawAsync(PersonId actor, CancellationToken cancellationToken = default) => ChangeAsync(() => _books.DeleteAsync(actor, cancellationToken), cancellationToken);

    /// <summary>Leaves nothing of a person: no book, nothing in this host's memory, and nothing in the news by which other hosts hear that he is gone.</summary>
    internal async Task EraseAsync(PersonId person, CancellationToken cancellationToken)
    {
        await WithdrawAsync(person, cancellationToken);
        if (IsRead())
        {
            await ReadAsync(cancellationToken);
        }

        await _books.EraseNewsAsync(person, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FoundFriend> FriendsAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var found = await FoundAsync(actor, cancellationToken);
        var declared = await _declared.Graph.BetweenAsync(actor, [.. found.Keys], cancellationToken);
        foreach (var (person, shared) in found.OrderByDescending(static friend => friend.Value).ThenBy(static friend => friend.Key.Value, StringComparer.Ordinal))
        {
            var kinds = declared.GetValueOrDefault(person);
            if ((kinds & (RelationshipKinds.Blocks | RelationshipKinds.BlockedBy)) == 0)
            {
                yield return new(person, shared, kinds.HasFlag(RelationshipKinds.Friend));
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PersonId>> WhoAsync(PersonId actor, byte[] token, CancellationToken cancellationToken = default)
    {
        if (token.Length != BlindContacts.TokenSize)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"A token has {BlindContacts.TokenSize} bytes.");
        }

        var found = await FriendsAsync(actor, cancellationToken).Select(static friend => friend.Person).ToListAsync(cancellationToken);
        var declared = await _declared.Graph.RelatedAsync(actor, RelationshipKinds.Friend, cancellationToken);
        var kept = _keys.Kept(token);
        return [.. found.Union(declared.Keys).Where(friend => _people.Find(friend) is { } number && _index.IsOwn(number, kept)).OrderBy(static friend => friend.Value, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _index.Dispose();
        _changing.Dispose();
    }

    async ValueTask<IReadOnlySet<PersonId>> IFoundRelationships.OfAsync(PersonId person, CancellationToken cancellationToken) => (await FoundAsync(person, cancellationToken)).Keys.ToHashSet();

    async ValueTask<IReadOnlySet<PersonId>> IFoundRelationships.AmongAsync(PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        return _people.Find(person) is { } number
            ? others.Where(other => other != person && _people.Find(other) is { } theirs && _index.AreFriends(number, theirs, _rule)).ToHashSet()
            : new HashSet<PersonId>();
    }

    /// <summary>Who was found for a person, and how many contacts they share.</summary>
    async ValueTask<IReadOnlyDictionary<PersonId, int>> FoundAsync(PersonId person, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        return _people.Find(person) is { } number
            ? _index.FriendsOf(number, _rule).Select(friend => (Person: _people.Find(friend.Person), friend.Overlap.Shared)).Where(static friend => friend.Person is not null)
                .ToDictionary(static friend => friend.Person!.Value, static friend => friend.Shared)
            : new Dictionary<PersonId, int>();
    }

    bool IsRead()
    {
        lock (_people)
        {
            return _read is not null;
        }
    }

    /// <summary>Reads all books, once, and from then on what has changed; a failure is tried again by whoever asks next.</summary>
    async Task ReadAsync(CancellationToken cancellationToken)
    {
        Task read;
        lock (_people)
        {
            read = _read is null or { IsFaulted: true } or { IsCanceled: true } ? _read = ReadAllAsync() : _read;
        }

        await read.WaitAsync(cancellationToken);
        if (await _books.CountAsync(cancellationToken) != Interlocked.Read(ref _seen))
        {
            await ChangeAsync(() => CatchUpAsync(cancellationToken), cancellationToken);
        }
    }

    async Task ReadAllAsync()
    {
        _seen = await _books.CountAsync(CancellationToken.None);
        await _index.LoadAsync(_books.AllAsync(CancellationToken.None).Select(book => (_people.NumberOf(book.Person), book.Tokens, book.Own)));
    }

    async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var last = await _books.CountAsync(cancellationToken);
        if (await _books.ChangedAsync(_seen, last, cancellationToken) is { } changed)
        {
            foreach (var named in changed)
            {
                if (WhoIs(named) is { } person)
                {
                    Take(person, await _books.FindAsync(person, cancellationToken));
                }
            }
        }
        else
        {
            var gone = _people.All().ToHashSet();
            await foreach (var book in _books.AllAsync(cancellationToken))
            {
                Take(book.Person, book);
                gone.Remove(book.Person);
            }

            foreach (var person in gone)
            {
                Take(person, null);
            }
        }

        Interlocked.Exchange(ref _seen, last);
    }

    /// <summary>One change at a time, of books or of the index.</summary>
    async Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Whom news mean; <c>null</c>: somebody who was erased, and whom this host does not have in memory.</summary>
    PersonId? WhoIs(PersonId named) => RadarBooks.ErasedKeyOf(named) is not { } key ? named
        : _people.All().Where(one => PersonKey.Of(one) == key).Select(static one => (PersonId?)one).FirstOrDefault();

    void Take(PersonId person, RadarBook? book)
    {
        if (book is not null)
        {
            _index.Replace(_people.NumberOf(person), book.Tokens, book.Own);
        }
        else if (_people.Find(person) is { } number)
        {
            _index.Replace(number, [], []);
            _people.Forget(person);
        }
    }
}

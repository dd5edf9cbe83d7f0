using System.Runtime.InteropServices;

namespace Sharing.Apps;

/// <summary>Who holds which contacts, in memory: the engine of the radar. It knows people and contacts by number, and answers at once after each change. Thread-safe.</summary>
/// <remarks>No list of pairs is kept: "are these two friends?" is a merge of two sorted books, "who are his friends?" counts over the holders of his contacts. So after a change of
/// one book nothing else is to be brought up to date, also where a contact comes to be held by too many, or no longer is. About 6 bytes for each contact of each book, and 30
/// for each contact.</remarks>
sealed class ContactIndex(int mostHolders = 0) : IDisposable
{
    readonly ReaderWriterLockSlim _lock = new();
    readonly ContactNumbers _contacts = new();
    readonly HolderLists _holders = new();
    readonly Stack<OverlapCounter> _counters = new();
    PackedBook[] _books = [];
    ulong[][] _own = [];

    /// <summary>How many different contacts are held.</summary>
    public int Contacts
    {
        get
        {
            using (Read())
            {
                return _contacts.Count;
            }
        }
    }

    /// <summary>Gives a person another book; none: takes him out.</summary>
    /// <param name="person">His number: small, and used again where somebody is gone.</param>
    /// <param name="tokens">His contacts, each once.</param>
    /// <param name="own">The tokens under which others list him.</param>
    public void Replace(int person, ReadOnlySpan<ulong> tokens, ulong[] own)
    {
        _lock.EnterWriteLock();
        try
        {
            var old = Put(person, tokens, own);
            Change(person, old.GetEnumerator(), _books[person].GetEnumerator());
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Takes in many books, one after the other, into an index that is empty and that nobody else uses yet: its lists of holders then have no room to spare.</summary>
    public async Task LoadAsync(IAsyncEnumerable<(int Person, ulong[] Tokens, ulong[] Own)> books)
    {
        await foreach (var (person, tokens, own) in books)
        {
            Put(person, tokens, own);
        }

        var sizes = new int[_contacts.End];
        foreach (var book in _books)
        {
            foreach (var contact in book)
            {
                sizes[contact]++;
            }
        }

        _holders.Reserve(sizes);
        for (var person = 0; person < _books.Length; person++)
        {
            Change(person, default(PackedBook).GetEnumerator(), _books[person].GetEnumerator());
        }
    }

    /// <summary>What two have in common.</summary>
    public ContactOverlap Between(int first, int second)
    {
        using (Read())
        {
            var (a, b, shared) = (BookOf(first).GetEnumerator(), BookOf(second).GetEnumerator(), 0);
            for (var both = a.MoveNext() && b.MoveNext(); both;)
            {
                var (x, y) = (a.Current, b.Current);
                shared += x == y && Counts(x) ? 1 : 0;
                both = (x > y || a.MoveNext()) && (y > x || b.MoveNext());
            }

            return Overlap(first, second, shared);
        }
    }

    /// <summary>Whether others list a person under a token.</summary>
    public bool IsOwn(int person, ulong token)
    {
        using (Read())
        {
            return person < _own.Length && _own[person].Contains(token);
        }
    }

    /// <summary>Whether two are friends.</summary>
    public bool AreFriends(int first, int second, IFriendRule rule) => Between(first, second) is var overlap && overlap.Shared >= rule.LeastShared && rule.AreFriends(overlap);

    /// <summary>Those who are a person's friends, in rising order.</summary>
    public IReadOnlyList<(int Person, ContactOverlap Overlap)> FriendsOf(int person, IFriendRule rule)
    {
        using (Read())
        {
            var counter = Rent();
            counter.Count(BookOf(person), _holders, _books.Length, int.MaxValue, rule.LeastShared, mostHolders);
            var friends = new List<(int Person, ContactOverlap Overlap)>();
            foreach (var other in counter.Found)
            {
                var overlap = Overlap(person, other, counter.SharedWith(other));
                if (other != person && rule.AreFriends(overlap))
                {
                    friends.Add((other, overlap));
                }
            }

            Return(counter);
            friends.Sort(static (a, b) => a.Person.CompareTo(b.Person));
            return friends;
        }
    }

    /// <summary>All pairs, the greater number first: several at once, in no order.</summary>
    /// <param name="rule">When two are friends.</param>
    /// <param name="take">Is told of a person, and of those of smaller numbers who are his friends.</param>
    /// <param name="threads">How many work; 0: as many as there are cores.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void AllPairs(IFriendRule rule, Action<int, ReadOnlySpan<int>> take, int threads, CancellationToken cancellationToken)
    {
        using (Read())
        {
            const int Together = 256;
            var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = threads > 0 ? threads : -1 };
            Parallel.For(0, (_books.Length + Together - 1) / Together, options, () => new OverlapCounter(), (part, _, counter) =>
            {
                for (var person = part * Together; person < Math.Min(_books.Length, (part + 1) * Together); person++)
                {
                    counter.Count(_books[person], _holders, _books.Length, person, rule.LeastShared, mostHolders);
                    take(person, Friends(person, counter, rule));
                }

                return counter;
            }, static _ => { });
        }
    }

    public void Dispose() => _lock.Dispose();

    ReadOnlySpan<int> Friends(int person, OverlapCounter counter, IFriendRule rule)
    {
        if (rule is SharedContactsRule { IsMutual: false })
        {
            return counter.Found;
        }

        var friends = new List<int>();
        foreach (var other in counter.Found)
        {
            if (rule.AreFriends(Overlap(person, other, counter.SharedWith(other))))
            {
                friends.Add(other);
            }
        }

        return CollectionsMarshal.AsSpan(friends);
    }

    ContactOverlap Overlap(int first, int second, int shared) =>
        new(shared, BookOf(first).Count, BookOf(second).Count, Lists(first, second), Lists(second, first));

    bool Lists(int holder, int person)
    {
        foreach (var own in person < _own.Length ? _own[person] : [])
        {
            if (_contacts.Find(own) is >= 0 and var contact && BookOf(holder).Contains(contact))
            {
                return true;
            }
        }

        return false;
    }

    PackedBook BookOf(int person) => person < _books.Length ? _books[person] : default;

    bool Counts(int contact) => mostHolders == 0 || _holders.CountOf(contact) <= mostHolders;

    /// <summary>Changes only what is different between two books.</summary>
    void Change(int person, PackedBook.Enumerator old, PackedBook.Enumerator book)
    {
        var (hasOld, hasNew) = (old.MoveNext(), book.MoveNext());
        while (hasOld || hasNew)
        {
            if (!hasNew || (hasOld && old.Current < book.Current))
            {
                _holders.Remove(old.Current, person);
                Forget(old.Current);
                hasOld = old.MoveNext();
            }
            else if (!hasOld || book.Current < old.Current)
            {
                _holders.Add(book.Current, person);
                hasNew = book.MoveNext();
            }
            else
            {
                (hasOld, hasNew) = (old.MoveNext(), book.MoveNext());
            }
        }
    }

    /// <returns>The book that the person had.</returns>
    PackedBook Put(int person, ReadOnlySpan<ulong> tokens, ulong[] own)
    {
        if (person >= _books.Length)
        {
            var (was, size) = (_books.Length, Math.Max(person + 1, _books.Length + (_books.Length / 4)));
            Array.Resize(ref _books, size);
            Array.Resize(ref _own, size);
            Array.Fill(_own, [], was, size - was);
        }

        var book = new int[tokens.Length];
        for (var i = 0; i < book.Length; i++)
        {
            book[i] = _contacts.Add(tokens[i]);
        }

        Array.Sort(book);
        var old = _books[person];
        (_books[person], _own[person]) = (new(book), own);
        return old;
    }

    /// <summary>Forgets a contact if nobody holds it any more.</summary>
    void Forget(int contact)
    {
        if (_holders.CountOf(contact) == 0)
        {
            _contacts.Forget(contact);
        }
    }

    OverlapCounter Rent()
    {
        lock (_counters)
        {
            return _counters.TryPop(out var counter) ? counter : new();
        }
    }

    void Return(OverlapCounter counter)
    {
        lock (_counters)
        {
            _counters.Push(counter);
        }
    }

    ReadScope Read()
    {
        _lock.EnterReadLock();
        return new(_lock);
    }

    readonly struct ReadScope(ReaderWriterLockSlim held) : IDisposable
    {
        public void Dispose() => held.ExitReadLock();
    }
}

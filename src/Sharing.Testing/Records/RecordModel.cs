using System.Globalization;
using System.Text;
using Xunit;

namespace Sharing.Testing;

// Does the same random operations to a store and to a sorted dictionary, and compares. Every seed has records of its own, so
// that one store serves all seeds; versions are learnt from the store, and only their order is foretold.
sealed class RecordModel(IRecordStore records, int seed)
{
    static readonly string[] Names = ["a", "a/b", "A", "b c", "é", "~", "%", "zz"];

    readonly Random _random = new(seed);
    readonly SortedDictionary<string, (string Json, long Version)> _model = new(StringComparer.Ordinal);
    readonly List<long> _versions = [1];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var operations = _random.Next(1, 41);
        for (var operation = 1; operation <= operations; operation++)
        {
            try
            {
                await (_random.Next(10) switch
                {
                    < 6 => CommitAsync(cancellationToken),
                    < 8 => GetAsync(cancellationToken),
                    _ => ScanAsync(cancellationToken),
                });
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"Seed {seed}, operation {operation}: {exception.Message}", exception);
            }
        }
    }

    async Task CommitAsync(CancellationToken cancellationToken)
    {
        var batch = new RecordBatch();
        var honest = _random.Next(10) < 6;
        foreach (var name in _random.GetItems(Names, _random.Next(1, 5)).Distinct(StringComparer.Ordinal))
        {
            var key = KeyOf(name);
            var expected = Expected(key, honest);
            _ = _random.Next(10) switch
            {
                < 6 => batch.Put(key, Encoding.UTF8.GetBytes(_random.Next().ToString(CultureInfo.InvariantCulture)), expected),
                < 8 => batch.Delete(key, expected),
                _ => batch.Check(key, expected),
            };
        }

        var conflicts = batch.Changes
            .Where(change => change.Expected != RecordBatch.Any && change.Expected != VersionOf(change.Key))
            .Select(change => change.Key).ToList();
        var outcome = await records.CommitAsync(batch, cancellationToken);
        if (conflicts.Count > 0)
        {
            Assert.Contains(conflicts, key => key == outcome.Conflict);
            Assert.Equal(0, outcome.Version);
            return;
        }

        Assert.Null(outcome.Conflict);
        Apply(batch, outcome.Version);
    }

    void Apply(RecordBatch batch, long version)
    {
        if (batch.Changes.Any(change => change.Kind == RecordChangeKind.Put))
        {
            Assert.True(version > _versions[^1] || _versions.Count == 1, $"Version {version} came after {_versions[^1]}.");
            _versions.Add(version);
        }

        foreach (var change in batch.Changes)
        {
            if (change.Kind == RecordChangeKind.Put)
            {
                _model[change.Key.Value] = (Encoding.UTF8.GetString(change.Json.Span), version);
            }
            else if (change.Kind == RecordChangeKind.Delete)
            {
                _model.Remove(change.Key.Value);
            }
        }
    }

    async Task GetAsync(CancellationToken cancellationToken)
    {
        var key = KeyOf(Names[_random.Next(Names.Length)]);
        var record = await records.GetAsync(key, cancellationToken);
        var known = _model.TryGetValue(key.Value, out var value);
        Assert.Equal(known, record is not null);
        if (record is not null)
        {
            Assert.Equal((key.Value, value.Json, value.Version), Flat(record));
        }
    }

    async Task ScanAsync(CancellationToken cancellationToken)
    {
        var range = RecordRange.Under("model", RecordKey.Number(seed));
        range = _random.Next(3) == 0 ? range.After(KeyOf(Names[_random.Next(Names.Length)])) : range;
        range = _random.Next(3) == 0 ? range.Before(KeyOf(Names[_random.Next(Names.Length)])) : range;
        List<(string, string, long)> found = [];
        await foreach (var record in records.ScanAsync(range, cancellationToken))
        {
            found.Add(Flat(record));
        }

        Assert.Equal(_model
            .Where(entry => string.CompareOrdinal(entry.Key, range.From) >= 0 && string.CompareOrdinal(entry.Key, range.To) < 0)
            .Select(entry => (entry.Key, entry.Value.Json, entry.Value.Version)), found);
    }

    // Right most of the time, so that there is something to be wrong about; else a version of old, of the future, or a plain guess.
    long Expected(RecordKey key, bool honest) => honest
        ? _random.Next(3) == 0 ? RecordBatch.Any : VersionOf(key)
        : _random.Next(4) switch
        {
            0 => VersionOf(key),
            1 => RecordBatch.Absent,
            2 => _versions[_random.Next(_versions.Count)],
            _ => _versions[^1] + _random.Next(3),
        };

    long VersionOf(RecordKey key) => _model.TryGetValue(key.Value, out var value) ? value.Version : RecordBatch.Absent;

    RecordKey KeyOf(string name) => RecordKey.Of("model", RecordKey.Number(seed), name);

    static (string Key, string Json, long Version) Flat(Record record) => (record.Key.Value, Encoding.UTF8.GetString(record.Json.Span), record.Version);
}

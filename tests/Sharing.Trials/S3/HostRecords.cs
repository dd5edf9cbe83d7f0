namespace Sharing.Trials.S3;

/// <summary>The records as one host has them: when it dies, what is under way may happen or not, and nothing comes back.</summary>
sealed class HostRecords(IRecordStore inner, Random random) : IRecordStore
{
    readonly Lock _lock = new();
    volatile bool _dead;

    public void Kill() => _dead = true;

    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => _dead ? throw Dead() : inner.GetAsync(key, cancellationToken);

    public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) => _dead ? throw Dead() : inner.ScanAsync(range, cancellationToken);

    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        if (!_dead)
        {
            return await inner.CommitAsync(batch, cancellationToken);
        }

        bool happens;
        lock (_lock)
        {
            happens = random.Next(4) == 0;
        }

        if (happens)
        {
            await inner.CommitAsync(batch, cancellationToken);
        }

        throw Dead();
    }

    static IOException Dead() => new("This host has died.");
}

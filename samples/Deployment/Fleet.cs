using Sharing.Tour;

namespace Sharing.Deployment;

/// <summary>A server of the story as several processes, each on another host: one address in front, one database and one bucket behind.</summary>
public sealed class Fleet : IServer
{
    readonly ThreeHosts _stage;
    readonly ServerProcess[] _processes;
    readonly ServerProcess[] _indexes;
    bool _isMade;

    internal Fleet(ThreeHosts stage, string name, Uri address, ServerProcess[] processes, ServerProcess[] indexes) =>
        (_stage, Name, Address, _processes, _indexes) = (stage, name, address, processes, indexes);

    /// <summary>Which one it is in the story; its database and its bucket are called so.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public Uri Address { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Indexes => _processes[0].Indexes;

    /// <summary>What each of its processes is reached by, past nginx.</summary>
    public IReadOnlyList<Uri> Processes => [.. _processes.Select(static process => process.Address)];

    /// <inheritdoc/>
    public async Task<long> KeptAsync()
    {
        using var client = _stage.S3.Client();
        var bytes = 0L;
        await foreach (var kept in client.Paginators.ListObjectsV2(new() { BucketName = Name }).S3Objects)
        {
            bytes += kept.Size ?? 0;
        }

        return bytes;
    }

    /// <inheritdoc/>
    public async Task StartAsync(params string[] more)
    {
        if (!_isMade)
        {
            await _stage.MakePlacesAsync(Name);
            await Task.WhenAll(_indexes.Select(static index => index.StartAsync()));
        }

        await Task.WhenAll(_processes.Select(process => process.StartAsync(more)));
        if (!_isMade)
        {
            await _stage.OpenAsync(this);
            _isMade = true;
        }

        await Nginx.AnswersAsync(Address);
    }

    /// <inheritdoc/>
    public Task KillAsync() => Task.WhenAll(_processes.Select(static process => process.KillAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stage.Forget(this);
        foreach (var process in _processes.Concat(_indexes))
        {
            await process.DisposeAsync();
        }
    }
}

namespace Sharing.Tour;

/// <summary>Each server is a process with a folder of its own, and nothing happens to it.</summary>
public sealed class OneBox : IStage
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sharing-tour-");

    /// <inheritdoc/>
    public IServer Server(string name, IEnumerable<string> settings, params IServer[] indexes) => new ServerProcess(Path.Combine(_folder.FullName, name), settings) { Indexes = [.. indexes.Select(static index => index.Address)] };

    /// <inheritdoc/>
    public Task DisturbAsync(Board board) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }
}

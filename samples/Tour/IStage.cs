namespace Sharing.Tour;

/// <summary>Where the story's servers run.</summary>
public interface IStage : IAsyncDisposable
{
    /// <summary>A server, not started yet.</summary>
    /// <param name="name">Which one it is in the story.</param>
    /// <param name="settings">Its settings, as on its command line.</param>
    /// <param name="indexes">Index servers that its terminals ask; none: it is the index itself.</param>
    IServer Server(string name, IEnumerable<string> settings, params IServer[] indexes);

    /// <summary>Lets happen what happens to servers while people are in the middle of something.</summary>
    Task DisturbAsync(Board board);
}

/// <summary>A server of the story: one process, or several that are one.</summary>
public interface IServer : IAsyncDisposable
{
    /// <summary>Where people reach it.</summary>
    Uri Address { get; }

    /// <summary>The index servers that its terminals ask; none: it is the index itself.</summary>
    IReadOnlyList<Uri> Indexes { get; }

    /// <summary>How many bytes it keeps of contents.</summary>
    Task<long> KeptAsync();

    /// <summary>Starts it with further settings, and returns when it answers.</summary>
    Task StartAsync(params string[] more);

    /// <summary>Kills it without a warning, as a power cut would.</summary>
    Task KillAsync();
}

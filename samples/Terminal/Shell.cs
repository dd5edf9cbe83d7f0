using System.CommandLine;
using System.Text.Json;
using Sharing.Offline;
using Spectre.Console;

namespace Sharing.Terminal;

/// <summary>What a command works with: the settings, the servers, the download list, and where to print.</summary>
sealed class Shell(ParseResult parse) : IAsyncDisposable
{
    TerminalSettings? _settings;
    ServiceProvider? _servers, _kept;
    TerminalSession? _session;

    public static Option<string?> Data { get; } = new("--data")
    {
        Description = "The folder with the settings and the download list [default: $SHARING_DATA or ~/.local/share/sharing]", HelpName = "FOLDER", Recursive = true,
    };

    public static Option<bool> AsJson { get; } = new("--json") { Description = "Print one JSON document and nothing else; get and run print one on each line", Recursive = true };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the log on standard error", Recursive = true };

    public bool Json => parse.GetValue(AsJson);

    public string DataFolder => Path.GetFullPath(parse.GetValue(Data) is { Length: > 0 } data ? data : TerminalSettings.DefaultDataFolder());

    public TerminalSettings Settings => _settings ??= TerminalSettings.Load(DataFolder)
        ?? throw new SharingException(ProblemCodes.InvalidInput, "This terminal is not set up yet. Begin with: sharing setup --server URL --person ID --token TOKEN");

    public PersonId Me => Settings.Person;

    /// <summary>A service at the servers.</summary>
    public T At<T>()
        where T : notnull => (_servers ??= TerminalHost.Servers(Settings, parse.GetValue(Verbose))).GetRequiredService<T>();

    /// <summary>A service that keeps what it needs in this terminal's folder.</summary>
    public T Kept<T>()
        where T : notnull => (_kept ??= TerminalHost.Keeping(Settings, parse.GetValue(Verbose))).GetRequiredService<T>();

    /// <summary>The download list, without running it.</summary>
    public Task<IDownloads> ListAsync(CancellationToken cancellationToken) => OpenAsync(run: false, cancellationToken);

    /// <summary>The download list, run by this process unless another one does.</summary>
    public Task<IDownloads> RunAsync(CancellationToken cancellationToken) => OpenAsync(run: true, cancellationToken);

    /// <summary>The shared folders, and the fetching of shares.</summary>
    public async Task<TerminalSession> SessionAsync(bool run, CancellationToken cancellationToken) =>
        _session ??= await TerminalSession.OpenAsync(Settings, run, parse.GetValue(Verbose), cancellationToken);

    /// <summary>Whether this process holds the download list.</summary>
    public bool IsOwner => _session?.IsOwner == true;

    /// <summary>Why an item gets nothing from its origin, where this process fetches and knows.</summary>
    public string? ReasonOf(DownloadItem item) => _session?.Reasons?.Of(item);

    /// <summary>Lets go of the list, for another process or another try.</summary>
    public async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    /// <summary>Prints a value as JSON, or as people read it.</summary>
    public void Print<T>(T value, Action<T> forPeople)
    {
        if (Json)
        {
            PrintJson(value);
        }
        else
        {
            forPeople(value);
        }
    }

    /// <summary>One line of JSON.</summary>
    public static void PrintJson<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Output.Json));

    /// <summary>A word to the person; silent where a program reads.</summary>
    public void Say(string text)
    {
        if (!Json)
        {
            Console.Out.WriteLine(Output.Plain(text));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        foreach (var services in new[] { _servers, _kept }.OfType<ServiceProvider>())
        {
            await services.DisposeAsync();
        }
    }

    async Task<IDownloads> OpenAsync(bool run, CancellationToken cancellationToken) => (await SessionAsync(run, cancellationToken)).Downloads;
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Terminal;

/// <summary>What a terminal is configured with: <c>terminal.json</c> in its data folder. Holds secrets, so only its owner may read it.</summary>
public sealed record TerminalSettings
{
    const string FileName = "terminal.json";

    /// <summary>The folder of everything that the terminal keeps.</summary>
    [JsonIgnore]
    public string DataFolder { get; init; } = "";

    /// <summary>The download server, with a slash at its end.</summary>
    public required Uri Server { get; init; }

    /// <summary>The social network server; <c>null</c>: the same host.</summary>
    public Uri? SocialServer { get; init; }

    /// <summary>Whose terminal it is.</summary>
    public required PersonId Person { get; init; }

    /// <summary>The person's token at the download server.</summary>
    public required string Token { get; init; }

    /// <summary>The person's token at the social network server; <c>null</c>: the same token.</summary>
    public string? SocialToken { get; init; }

    /// <summary>Where finished downloads are saved; <c>null</c>: nowhere but in the data folder.</summary>
    public string? Downloads { get; init; }

    /// <summary>The shared-data server, which has the person's space; <c>null</c>: the download server.</summary>
    public Uri? DataServer { get; init; }

    /// <summary>Where it listens for other terminals ("0.0.0.0:7400"); <c>null</c>: nowhere, so that it only fetches.</summary>
    public string? Listen { get; init; }

    /// <summary>Where other terminals reach it ("203.0.113.7:7400").</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>The port of its page on this machine; <c>null</c>: it has none.</summary>
    public int? Page { get; init; }

    /// <summary>The server of the person's space.</summary>
    [JsonIgnore]
    public Uri Space => DataServer ?? Server;

    /// <summary>Hosts ("host:port") that may be fetched from although they are not public.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>The socket on which the process that holds the data folder serves the others.</summary>
    [JsonIgnore]
    public string SocketPath => Path.Combine(DataFolder, "terminal.sock");

    static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The data folder unless another is named: <c>$SHARING_DATA</c>, <c>$XDG_DATA_HOME/sharing</c>, <c>~/.local/share/sharing</c>.</summary>
    public static string DefaultDataFolder() =>
        Environment.GetEnvironmentVariable("SHARING_DATA") is { Length: > 0 } data
            ? data
            : Path.Combine(
                Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg)
                    ? xdg
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share"),
                "sharing");

    /// <summary>Reads a data folder's settings, or <c>null</c>: it was never set up.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: the file is damaged.</exception>
    public static TerminalSettings? Load(string folder)
    {
        folder = Path.GetFullPath(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TerminalSettings>(File.ReadAllBytes(path), Json) is { } settings
                ? settings with { DataFolder = folder }
                : null;
        }
        catch (JsonException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"{path} is damaged: {e.Message}", e);
        }
    }

    /// <summary>Writes the settings into their data folder, whole or not at all, for the owner's eyes only.</summary>
    public void Save()
    {
        MakePrivate(DataFolder);
        var path = Path.Combine(DataFolder, FileName);
        var part = $"{path}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(part, options))
        {
            JsonSerializer.Serialize(file, this, Json);
        }

        File.Move(part, path, overwrite: true);
    }

    /// <summary>Makes a folder that only its owner can look into.</summary>
    internal static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Says nothing of the tokens.</summary>
    public override string ToString() => $"{Person} at {Server}";
}

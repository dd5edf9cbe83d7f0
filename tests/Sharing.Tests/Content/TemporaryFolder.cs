namespace Sharing.Tests.Content;

/// <summary>A folder for one test, deleted afterwards.</summary>
sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sharing-").FullName;

    public string Join(params ReadOnlySpan<string> parts) => System.IO.Path.Join([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace Sharing.Apps;

/// <summary>A place for the copy of a package, in a folder of its own that goes with it.</summary>
sealed class TemporaryPackage(string name = "package") : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-app-").FullName;

    /// <summary>Where it is to be.</summary>
    public string Path => System.IO.Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

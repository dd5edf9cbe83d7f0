using System.IO.Compression;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Tests.Content;

namespace Sharing.Tests.Personal;

/// <summary>The program, run as an operator runs it.</summary>
[Trait("Row", "C1")]
public sealed class AdminPersonTests : IDisposable
{
    static readonly PersonId Anna = PersonId.Parse("anna");

    readonly TemporaryFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Data => _folder.Join("data");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task An_operator_takes_out_what_is_kept_about_somebody_and_has_it_erased_by_the_server()
    {
        await using (var services = Open())
        {
            await services.GetRequiredService<PeopleStore>().SaveAsync(new() { Id = Anna, Name = "Anna Marker" }, Cancel);
            _ = services.GetRequiredService<IContentStore>(); // makes its folder
        }

        var archive = _folder.Join("anna.zip");
        Assert.Equal(0, (await AdminCheckTests.RunAsync("person", "export", "anna", "--data", Data, "--to", archive)).Code);
        await using (var zip = await ZipFile.OpenReadAsync(archive, Cancel))
        {
            using var person = new StreamReader(await zip.GetEntry("people/person.json")!.OpenAsync(Cancel));
            Assert.Contains("Anna Marker", await person.ReadToEndAsync(Cancel), StringComparison.Ordinal);
        }

        var (code, _, errors) = await AdminCheckTests.RunAsync("person", "export", "anna", "--data", Data, "--to", archive);
        Assert.Equal((2, true), (code, errors.Contains("anna.zip", StringComparison.Ordinal))); // never over what is there
        (code, var said, _) = await AdminCheckTests.RunAsync("person", "erase", "anna", "--data", Data);
        Assert.Equal((1, true), (code, said.Contains("--yes", StringComparison.Ordinal)));
        (code, said, _) = await AdminCheckTests.RunAsync("person", "erase", "anna", "--data", Data, "--yes");
        Assert.Equal((1, true), (code, said.Contains("people", StringComparison.Ordinal)));
        await using (var services = Open())
        {
            while (await services.GetRequiredService<PersonalData>().RunOnceAsync(Cancel))
            {
            }

            Assert.Empty(await Erasing.FindAsync(services, ["anna"], Cancel));
        }

        (code, said, _) = await AdminCheckTests.RunAsync("person", "erase", "anna", "--data", Data);
        Assert.Equal((0, true), (code, said.StartsWith("Erased on", StringComparison.Ordinal)));
    }

    ServiceProvider Open() => new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(Data).WithBackgroundWork(false)).BuildServiceProvider();
}

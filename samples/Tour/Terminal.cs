using Microsoft.Extensions.Hosting;
using Sharing.Apps;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tour;

/// <summary>A person's terminal: download list, records and contents of its own; everything else at the servers.</summary>
public sealed class Terminal : IAsyncDisposable
{
    readonly IHost _host;

    Terminal(PersonId person, IHost host) => (Person, _host) = (person, host);

    /// <summary>Whose it is.</summary>
    public PersonId Person { get; }

    /// <summary>His download list.</summary>
    public IDownloads Downloads => _host.Services.GetRequiredService<IDownloads>();

    /// <summary>His posts.</summary>
    public IPosts Posts => _host.Services.GetRequiredService<IPosts>();

    /// <summary>His accounts at networks.</summary>
    public IAccounts Accounts => _host.Services.GetRequiredService<IAccounts>();

    /// <summary>The social network, as he sees it.</summary>
    public ISocialNetwork Network => _host.Services.GetRequiredService<ISocialNetwork>();

    /// <summary>His relationships.</summary>
    public IRelationships Relationships => _host.Services.GetRequiredService<IRelationships>();

    /// <summary>His address book's way to the radar.</summary>
    public AddressBook AddressBook => _host.Services.GetRequiredService<AddressBook>();

    /// <summary>The radar, as he sees it.</summary>
    public IContactRadar Radar => _host.Services.GetRequiredService<IContactRadar>();

    /// <summary>Lists of apps.</summary>
    public IAppLists Apps => _host.Services.GetRequiredService<IAppLists>();

    /// <summary>Gets apps.</summary>
    public AppGetter Getter => _host.Services.GetRequiredService<AppGetter>();

    /// <summary>His inbox, and what he sends.</summary>
    public T Messages<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>His photos, and what friends show him.</summary>
    public T Photos<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts it.</summary>
    public static async Task<Terminal> StartAsync(string folder, TourPerson person, Uri download, Uri social, params string[] reachable)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSharing(sharing => sharing
            .UseFolder(Path.Combine(folder, person.Id))
            .UseServer(download, social, (_, _, _) => ValueTask.FromResult<string?>(person.Token))
            .UsePhotos(download, (_, _) => ValueTask.FromResult<string?>(person.Token))
            .UseMessages(download, (_, _) => ValueTask.FromResult<string?>(person.Token), Path.Combine(folder, person.Id, "handlers"))
            .AddHandler<Sharing.Terminal.WebPageHandler>()
            .UseApps(download, social, PersonId.Parse(person.Id), (_, _, _) => ValueTask.FromResult<string?>(person.Token))
            .WithFetching(fetching =>
            {
                foreach (var host in reachable)
                {
                    fetching.Configured.Add(host);
                }
            })
            .AddDownloads(downloads => downloads.SaveFolder = Path.Combine(folder, person.Id, "downloads")));
        var host = builder.Build();
        await host.StartAsync();
        return new Terminal(PersonId.Parse(person.Id), host);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }
}
